import { randomInt } from 'node:crypto'
import { type Static, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { type Difficulty, type Draft, difficulties } from '../challenge.ts'
import complexity from './bank/complexity.yaml'
import dataStructures from './bank/data-structures.yaml'
import git from './bank/git.yaml'
import http from './bank/http.yaml'
import javascript from './bank/javascript.yaml'
import python from './bank/python.yaml'
import sql from './bank/sql.yaml'
import { titleOf } from './draft.ts'
import { shuffle } from './shuffle.ts'

const Entry = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9-]+$' }),
    difficulty: Type.Union(difficulties.map((word) => Type.Literal(word))),
    question: Type.String(),
    code: Type.Optional(Type.String()),
    language: Type.Optional(Type.String()),
    /** The code is JavaScript or TypeScript, and what it prints is the answer: a test runs it. */
    prints: Type.Optional(Type.Literal(true)),
    answer: Type.String(),
    distractors: Type.Array(Type.String(), { minItems: 3, maxItems: 3 }),
    explanation: Type.String(),
  },
  { additionalProperties: false },
)

export type BankEntry = Static<typeof Entry>

/** Every challenge of the embedded bank, written for this project. */
export const bank: readonly BankEntry[] = Value.Parse(
  Type.Array(Entry),
  [javascript, python, sql, git, http, dataStructures, complexity].flat(),
)

export type PickFromBank = ReturnType<typeof createBankPick>

/**
 * Chooses from the bank for one user. With `again`, a user who has seen all of a difficulty gets the one seen longest
 * ago; without it, none.
 */
export function createBankPick({ again }: { again: boolean }) {
  /** `seen`: the ids this user has seen, the one seen longest ago first. */
  return function pick(difficulty: Difficulty, seen: string[]): Draft | undefined {
    const entries = new Map(bank.filter((one) => one.difficulty === difficulty).map((one) => [one.id, one]))
    const unseen = [...entries.values()].filter(({ id }) => !seen.includes(id))
    const oldest = again ? seen.find((id) => entries.has(id)) : undefined
    const entry = unseen.length > 0 ? unseen[randomInt(unseen.length)] : entries.get(oldest ?? '')
    return entry && toDraft(entry)
  }
}

function toDraft({
  id,
  difficulty,
  question,
  code,
  language,
  answer,
  distractors,
  explanation,
}: BankEntry): Draft {
  const options = shuffle([answer, ...distractors])
  return {
    difficulty,
    title: titleOf(question, code ?? null, language),
    options,
    correctAnswerId: options.indexOf(answer),
    explanation,
    source: 'bank',
    fingerprint: null,
    bankId: id,
  }
}
