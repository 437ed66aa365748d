import type { BankEntry } from '../../src/authoring/bank.ts'
import {
  chanceOfLongest,
  chanceOfMostAlike,
  comparePairs,
  compareParts,
  type Likeness,
} from '../../src/commands/quality-cues.ts'

/** Measures of likeness: learners judge by letters, by words and by differences. */
export const likenesses = {
  pairs: comparePairs,
  words: compareWords,
  edits: compareEdits,
} satisfies Record<string, Likeness>

type Guess = 'longest' | keyof typeof likenesses

/** The chance to be right with an entry by choosing the longest option, or the one most like the others. */
function chanceOf({ answer, distractors }: BankEntry, guess: Guess): number {
  const cued = { options: [answer, ...distractors.map(({ text }) => text)], correctAnswerId: 0 }
  return guess === 'longest' ? chanceOfLongest(cued) : chanceOfMostAlike(cued, likenesses[guess])
}

/** The mean chance to be right by a guess. */
export function meanChance(entries: readonly BankEntry[], guess: Guess): number {
  return entries.reduce((sum, entry) => sum + chanceOf(entry, guess), 0) / entries.length
}

/** Dice's coefficient of the words; each other visible character counts as a word. */
function compareWords(one: string, other: string): number {
  return compareParts(splitWords(one), splitWords(other))
}

const splitWords = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? []

/** The share of characters that stay when one text is edited into the other with the fewest edits. */
function compareEdits(one: string, other: string): number {
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
