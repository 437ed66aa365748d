import { expect, test } from 'bun:test'
import { createProgress } from '../../src/answers/progress.ts'
import { isTimeZone } from '../../src/time-zone.ts'
import { day, hour } from '../support/clock.ts'
import { answer, daily, summarise } from '../support/days.ts'

test('the same answers make other days in another time zone', () => {
  const times = ['2026-06-01T22:30Z', '2026-06-02T00:30Z']
  expect(summarise('UTC', '2026-06-02T01:00Z', times).streak.current).toBe(2)
  expect(summarise('Europe/Berlin', '2026-06-02T01:00Z', times).streak.current).toBe(1)
  expect(summarise('America/New_York', '2026-06-02T01:00Z', times).dates).toEqual(['2026-06-01'])
})

test('answers from the future, after a clock went back, count as today’s', () => {
  const times = ['2026-06-01T12:00Z', '2026-06-04T12:00Z', '2027-06-04T12:00Z']
  expect(summarise('UTC', '2026-06-02T01:00Z', times)).toEqual({
    dates: ['2026-06-01', '2026-06-02'],
    streak: { current: 2, longest: 2 },
  })
})

test('the list has the last 30 days, and runs are looked for in the last 366', () => {
  const now = '2026-06-30T12:00Z'
  expect(summarise('UTC', now, daily(now, 1000))).toMatchObject({
    dates: { length: 30, 0: '2026-06-01', 29: '2026-06-30' },
    streak: { current: 366, longest: 366 },
  })
  expect(summarise('UTC', now, [new Date(Date.parse(now) - 366 * day).toISOString()]).streak.longest).toBe(0)
  expect(summarise('UTC', now, [new Date(Date.parse(now) - 365 * day).toISOString()]).streak.longest).toBe(1)
})

test('the longest run may be an earlier one, and gaps end runs', () => {
  const times = [...daily('2026-06-02T12:00Z', 2), ...daily('2026-05-20T12:00Z', 5), '2026-05-10T12:00Z']
  expect(summarise('UTC', '2026-06-02T13:00Z', times).streak).toEqual({ current: 2, longest: 5 })
})

test('answers are counted by day, right ones apart', () => {
  const progress = createProgress('UTC', Date.parse('2026-06-02T12:00Z'))
  for (const correct of [true, false, false])
    progress.add({ ...answer, answeredAt: Date.parse('2026-06-02T01:00Z'), correct })
  expect(progress.summarise().days).toEqual([{ date: '2026-06-02', answered: 3, correct: 1 }])
})

test('each time zone that the runtime knows has 366 days of 22 to 26 hours', () => {
  const zones = Intl.supportedValuesOf('timeZone')
  expect(zones.length).toBeGreaterThan(300)
  for (const zone of zones) {
    const now = Date.parse('2026-11-28T23:59:59.999Z')
    const progress = createProgress(zone, now)
    for (let time = now - 370 * day; time <= now; time += 2 * hour)
      progress.add({ ...answer, answeredAt: time })
    const { days, streak } = progress.summarise()
    expect([zone, isTimeZone(zone), days.length, streak.current]).toEqual([zone, true, 30, 366])
    // The list ends with today, which may have just begun.
    for (const { answered } of days.slice(0, -1)) expect(answered).toBeWithin(11, 14)
  }
})

test.each([
  'UTC',
  'utc',
  'GMT',
  'Etc/GMT+5',
  'Europe/Berlin',
  'europe/berlin',
  'America/Argentina/Buenos_Aires',
])('%s is a time zone', (name) => {
  expect(isTimeZone(name)).toBe(true)
})

test.each([
  '',
  'Mars',
  '+02:00',
  '+0200',
  '-05',
  'UTC+2',
  ' UTC',
  'Europe/Berlin\0',
  'A'.repeat(1000),
  'Etc/GMT 5',
  'Europe',
])('%p is no time zone', (name) => {
  expect(isTimeZone(name)).toBe(false)
})
