import type { Difficulty, Question } from '../../src/question.ts'
import { createQuotaPolicy } from '../../src/quota.ts'
import type { ClaimRequest, Store } from '../../src/store/store.ts'
import { noon } from './clock.ts'

/** Two stores with one database, like those of two processes. */
export type Connections = () => { store: Store; other: Store }

export const policy = createQuotaPolicy({ initial: 3, daily: 2 })

let count = 0

/** A unique number. */
export const nextNumber = () => ++count

/** A unique question, with characters that need quoting or more than one byte. */
export function question(more: Partial<Question> = {}): Question {
  const n = nextNumber()
  return {
    difficulty: 'easy',
    topic: 'sql',
    language: 'sql',
    optionNotes: ['no', 'not', null, '"never"'],
    title: `Question ${n}: what is "ü" in \`SELECT '€'\`?`,
    options: ['a', '"b"', '\\c', 'd\n{}'],
    correctAnswerId: 2,
    explanation: 'Because.',
    source: 'ai',
    fingerprint: `fingerprint ${n}`,
    bankId: null,
    ...more,
  }
}

/** A claim of an easy challenge from the pool, by default. */
export const claimOf = (userId: string, more: Partial<ClaimRequest> = {}): ClaimRequest => ({
  userId,
  difficulty: 'easy',
  now: noon,
  supply: { from: 'pool' },
  ...more,
})

/** Counts the questions of a difficulty in the pool. */
export async function countReady(store: Store, difficulty: Difficulty): Promise<number> {
  const counts = await store.countReady()
  return counts.filter((ready) => ready.difficulty === difficulty).reduce((sum, { count }) => sum + count, 0)
}
