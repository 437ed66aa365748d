import type { BankEntry } from '../../src/authoring/bank.ts'
import { chanceOfLongest, chanceOfMostAlike, likenesses } from '../../src/authoring/cues.ts'

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
