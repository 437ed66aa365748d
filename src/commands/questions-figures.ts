import type { SampledAnswer } from '../store/catalogue.ts'
import type { FiguresRow } from '../store/suspects.ts'

/**
 * The minimum number of learners from whom a discrimination is computed, and of those with and those without the key.
 */
const minLearners = 10
const minOfGroup = 2

/** The number of first answers with each option. */
export function toVotes({ answers0, answers1, answers2, answers3 }: FiguresRow): number[] {
  return [answers0, answers1, answers2, answers3]
}

export function countAnswers(row: FiguresRow): number {
  return toVotes(row).reduce((sum, count) => sum + count, 0)
}

/** The share of right answers; 0 without an answer. */
export function toShareRight(row: FiguresRow): number {
  const answered = countAnswers(row)
  return answered === 0 ? 0 : (toVotes(row)[row.correctAnswerId] ?? 0) / answered
}

/**
 * The discrimination, from -1 to 1: the mean share of right answers to other questions, of the learners who chose the key
 * minus that of the others. A right key attracts learners who do well elsewhere, so its value is positive; a wrong key
 * has a value around 0 or below. `null`: too few learners have answered enough other questions.
 */
export function measureDiscrimination(sample: SampledAnswer[]): number | null {
  const known = sample.flatMap(({ correct, elsewhere }) =>
    elsewhere === null ? [] : [{ correct, elsewhere }],
  )
  const shares = (right: boolean) =>
    known.filter(({ correct }) => correct === right).map(({ elsewhere }) => elsewhere)
  const [right, wrong] = [shares(true), shares(false)]
  if (known.length < minLearners || Math.min(right.length, wrong.length) < minOfGroup) return null
  return toMean(right) - toMean(wrong)
}

function toMean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
