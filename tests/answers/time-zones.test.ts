import { expect, test } from 'bun:test'
import { daily, summarise } from '../support/days.ts'

type Row = [
  name: string,
  zone: string,
  now: string,
  times: string[],
  dates: string[],
  streak: [number, number],
]

const rows: Row[] = [
  ['no answer', 'UTC', '2026-03-01T12:00Z', [], [], [0, 0]],
  ['an answer today', 'UTC', '2026-03-01T12:00Z', ['2026-03-01T00:00Z'], ['2026-03-01'], [1, 1]],
  ['an answer yesterday', 'UTC', '2026-03-01T23:59:59.999Z', ['2026-02-28T00:00Z'], ['2026-02-28'], [1, 1]],
  [
    'an answer two days ago',
    'UTC',
    '2026-03-02T00:00Z',
    ['2026-02-28T23:59:59.999Z'],
    ['2026-02-28'],
    [0, 1],
  ],
  [
    'midnight exactly, and 1 ms before',
    'Europe/Berlin',
    '2026-06-02T10:00Z',
    ['2026-05-31T22:00:00.000Z', '2026-05-31T21:59:59.999Z'],
    ['2026-05-31', '2026-06-01'],
    [2, 2],
  ],
  [
    '29 February',
    'UTC',
    '2028-03-01T01:00Z',
    daily('2028-03-01T00:30Z', 3),
    ['2028-02-28', '2028-02-29', '2028-03-01'],
    [3, 3],
  ],
  [
    'no 29 February',
    'UTC',
    '2027-03-01T01:00Z',
    daily('2027-03-01T00:30Z', 2),
    ['2027-02-28', '2027-03-01'],
    [2, 2],
  ],
  [
    'the change of the year',
    'UTC',
    '2027-01-01T01:00Z',
    daily('2027-01-01T00:30Z', 2),
    ['2026-12-31', '2027-01-01'],
    [2, 2],
  ],
  [
    'the year changes earlier at the date line',
    'Pacific/Kiritimati',
    '2026-12-31T10:00Z',
    ['2026-12-31T09:59:59.999Z', '2026-12-31T10:00Z'],
    ['2026-12-31', '2027-01-01'],
    [2, 2],
  ],
  [
    'the other side of the date line',
    'Pacific/Niue',
    '2027-01-01T11:00Z',
    ['2027-01-01T10:59Z', '2027-01-01T11:00Z'],
    ['2026-12-31', '2027-01-01'],
    [2, 2],
  ],
  [
    'a day that the time zone skipped',
    'Pacific/Apia',
    '2012-01-01T00:00Z',
    ['2011-12-29T20:00Z', '2011-12-30T09:59Z', '2011-12-30T10:00Z'],
    ['2011-12-29', '2011-12-31'],
    [2, 2],
  ],
  [
    'a day of 23 hours',
    'Europe/Berlin',
    '2026-03-30T10:00Z',
    ['2026-03-28T22:59Z', '2026-03-28T23:00Z', '2026-03-29T21:59Z', '2026-03-29T22:00Z'],
    ['2026-03-28', '2026-03-29', '2026-03-30'],
    [3, 3],
  ],
  [
    'a day of 25 hours',
    'America/New_York',
    '2026-11-02T12:00Z',
    ['2026-11-01T03:59Z', '2026-11-01T04:00Z', '2026-11-02T04:59Z', '2026-11-02T05:00Z'],
    ['2026-10-31', '2026-11-01', '2026-11-02'],
    [3, 3],
  ],
  [
    'clocks that change by half an hour',
    'Australia/Lord_Howe',
    '2026-04-06T00:00Z',
    ['2026-04-04T12:59Z', '2026-04-04T13:00Z', '2026-04-05T13:29Z', '2026-04-05T13:30Z'],
    ['2026-04-04', '2026-04-05', '2026-04-06'],
    [3, 3],
  ],
  [
    'an offset of half an hour',
    'Asia/Kolkata',
    '2026-06-02T00:00Z',
    ['2026-06-01T18:29:59.999Z', '2026-06-01T18:30Z'],
    ['2026-06-01', '2026-06-02'],
    [2, 2],
  ],
  [
    'an offset of 45 minutes',
    'Asia/Kathmandu',
    '2026-06-02T00:00Z',
    ['2026-06-01T18:14:59.999Z', '2026-06-01T18:15Z'],
    ['2026-06-01', '2026-06-02'],
    [2, 2],
  ],
  [
    'midnight that the clocks skip',
    'Africa/Cairo',
    '2026-04-24T12:00Z',
    ['2026-04-23T21:59Z', '2026-04-23T22:00Z'],
    ['2026-04-23', '2026-04-24'],
    [2, 2],
  ],
]

test.each(rows)('%s: days and streak in %s at %s', (_, zone, now, times, dates, [current, longest]) => {
  expect(summarise(zone, now, times)).toEqual({ dates, streak: { current, longest } })
})
