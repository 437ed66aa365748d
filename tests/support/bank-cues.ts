import type { BankEntry } from '../../src/authoring/bank.ts'
import {
  chanceOfLongest,
  chanceOfMostAlike,
  likenessOfEdits,
  likenessOfPairs,
  likenessOfWords,
} from '../../src/authoring/cues.ts'

const toCued = ({ answer, distractors }: BankEntry) => ({
  options: [answer, ...distractors.map(({ text }) => text)],
  correctAnswerId: 0,
})

/** For each way to guess the chance to be right with an entry. */
export const guesses = {
  longest: (entry: BankEntry) => chanceOfLongest(toCued(entry)),
  'most alike by pairs of characters': (entry: BankEntry) =>
    chanceOfMostAlike(toCued(entry), likenessOfPairs),
  'most alike by words': (entry: BankEntry) => chanceOfMostAlike(toCued(entry), likenessOfWords),
  'most alike by edits': (entry: BankEntry) => chanceOfMostAlike(toCued(entry), likenessOfEdits),
}

/** The mean chance to be right by a guess. */
export function meanChance(entries: readonly BankEntry[], guess: keyof typeof guesses): number {
  return entries.reduce((sum, entry) => sum + guesses[guess](entry), 0) / entries.length
}
