import { createProgress } from '../../src/answers/progress.ts'
import { day } from './clock.ts'

/** An answer, but for its time. */
export const answer = { difficulty: 'easy', topic: null, correct: true } as const

/** The summary of right answers at `times` (ISO 8601) as of `now`. */
export function summarise(timeZone: string, now: string, times: string[]) {
  const progress = createProgress(timeZone, Date.parse(now))
  for (const time of times) progress.add({ ...answer, answeredAt: Date.parse(time) })
  const { days, streak } = progress.summarise()
  return { dates: days.map(({ date }) => date), streak }
}

/** A moment of each of `count` days, the last of which is `last`. */
export const daily = (last: string, count: number) =>
  Array.from({ length: count }, (_, n) => new Date(Date.parse(last) - n * day).toISOString())
