import { expect, test } from 'bun:test'
import { describeAge, describeMoment } from '../../src/web/time.ts'
import { day, hour, noon, second } from '../support/clock.ts'

test.each([
  [-hour, 'just now'],
  [59 * second, 'just now'],
  [60 * second, '1 minute ago'],
  [2 * hour + 59 * 60 * second, '2 hours ago'],
  [day, 'yesterday'],
  [6 * day, '6 days ago'],
  [7 * day, 'last week'],
  [40 * day, 'last month'],
  [800 * day, '2 years ago'],
])('a time %d milliseconds ago is described as "%s"', (age, words) => {
  expect(describeAge(noon - age, noon)).toBe(words)
})

test('a coming time is described by its clock time, and by its day unless it is today', () => {
  const today = new Date(2026, 2, 28, 9, 30).getTime()
  expect(describeMoment(today + hour, today)).toMatch(/^at 10:30/)
  expect(describeMoment(new Date(2026, 2, 29, 9, 30).getTime(), today)).toMatch(/^tomorrow at 0?9:30/)
  expect(describeMoment(new Date(2026, 2, 31, 9, 30).getTime(), today)).toMatch(/^on .*31.* at 0?9:30/)
})
