import { createCalendar } from '../../src/answers/days.ts'
import { day } from './clock.ts'

/** The summary of right answers at `times` (ISO 8601) as of `now`. */
export function summarise(timeZone: string, now: string, times: string[]) {
  const calendar = createCalendar(timeZone, Date.parse(now))
  for (const time of times) calendar.add({ answeredAt: Date.parse(time), correct: true })
  const { days, streak } = calendar.summarise()
  return { dates: days.map(({ date }) => date), streak }
}

/** A moment of each of `count` days, the last of which is `last`. */
export const daily = (last: string, count: number) =>
  Array.from({ length: count }, (_, n) => new Date(Date.parse(last) - n * day).toISOString())
