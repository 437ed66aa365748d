import type { Question } from '../question.ts'

/** How much two options are alike: 0 for nothing in common, 1 for equal texts. */
type Likeness = (one: string, other: string) => number

/** Measures of likeness: learners judge by letters, by words and by differences. */
export const likenesses = {
  pairs: likenessOfPairs,
  words: likenessOfWords,
  edits: likenessOfEdits,
} satisfies Record<string, Likeness>

/** The chance to be right by choosing the longest option. Options of the same length are equally likely. */
export function chanceOfLongest({ options, correctAnswerId }: Cued): number {
  return chanceOfHighest(
    options.map(({ length }) => length),
    correctAnswerId,
  )
}

/** The chance to be right by choosing the option that is most like the other three. */
export function chanceOfMostAlike({ options, correctAnswerId }: Cued, likeness: Likeness): number {
  const sums = options.map((option, at) =>
    options.reduce((sum, other, place) => (place === at ? sum : sum + likeness(option, other)), 0),
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
function likenessOfPairs(one: string, other: string): number {
  return likenessOfParts(pairsOf(one), pairsOf(other))
}

/** Dice's coefficient of the words; each other visible character counts as a word. */
function likenessOfWords(one: string, other: string): number {
  return likenessOfParts(wordsOf(one), wordsOf(other))
}

const pairsOf = (text: string) => Array.from(text.slice(1), (next, at) => `${text[at]}${next}`.toLowerCase())

const wordsOf = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? []

function likenessOfParts(one: string[], other: string[]): number {
  const rest = [...other]
  const shared = one.filter((part) => {
    const at = rest.indexOf(part)
    if (at >= 0) rest.splice(at, 1)
    return at >= 0
  })
  return one.length + other.length === 0 ? 0 : (2 * shared.length) / (one.length + other.length)
}

/** The share of characters that stay when one text is edited into the other with the fewest edits. */
function likenessOfEdits(one: string, other: string): number {
  let distances = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (const [row, character] of [...one.toLowerCase()].entries()) {
    const next = [row + 1]
    for (let at = 0; at < other.length; at++) {
      const replaced = (distances[at] ?? 0) + (character === other[at]?.toLowerCase() ? 0 : 1)
      next.push(Math.min(replaced, (next[at] ?? 0) + 1, (distances[at + 1] ?? 0) + 1))
    }
    distances = next
  }
  return 1 - (distances.at(-1) ?? 0) / Math.max(one.length, other.length, 1)
}
