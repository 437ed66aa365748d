import type { Question } from '../question.ts'

/** Compares two options: 0 for nothing in common, 1 for equal texts. */
export type Likeness = (one: string, other: string) => number

/** The chance to be right by choosing the longest option. Options of the same length are equally likely. */
export function chanceOfLongest({ options, correctAnswerId }: Cued): number {
  return chanceOfHighest(
    options.map(({ length }) => length),
    correctAnswerId,
  )
}

/** The chance to be right by choosing the option that is most like the other three. */
export function chanceOfMostAlike(
  { options, correctAnswerId }: Cued,
  compare: Likeness = comparePairs,
): number {
  const sums = options.map((option, at) =>
    options.reduce((sum, other, place) => (place === at ? sum : sum + compare(option, other)), 0),
  )
  return chanceOfHighest(sums, correctAnswerId)
}

type Cued = Pick<Question, 'options' | 'correctAnswerId'>

function chanceOfHighest(values: number[], at: number): number {
  const highest = Math.max(...values)
  // Sums of the same parts in another order may differ in the last bits.
  const places = values.flatMap((value, place) => (highest - value < 1e-9 ? [place] : []))
  return places.includes(at) ? 1 / places.length : 0
}

/** Dice's coefficient of the pairs of neighbouring characters. */
export function comparePairs(one: string, other: string): number {
  return compareParts(listPairs(one), listPairs(other))
}

function listPairs(text: string): string[] {
  return Array.from(text.slice(1), (next, at) => `${text[at]}${next}`.toLowerCase())
}

/** Dice's coefficient: the share of parts that two texts have in common. */
export function compareParts(one: string[], other: string[]): number {
  const rest = [...other]
  const shared = one.filter((part) => {
    const at = rest.indexOf(part)
    if (at >= 0) rest.splice(at, 1)
    return at >= 0
  })
  return one.length + other.length === 0 ? 0 : (2 * shared.length) / (one.length + other.length)
}
