import { createQuotaPolicy } from '../../src/credits.ts'
import type { Question } from '../../src/question.ts'
import type { ClaimRequest, Store } from '../../src/store/store.ts'

/** Gives two connections to one database: as far as it can tell, those of two processes. */
export type Connections = () => { store: Store; other: Store }

export const policy = createQuotaPolicy({ initial: 3, daily: 2 })
export const noon = Date.UTC(2026, 10, 24, 12)

let count = 0

/** A number that no other call gives. */
export const nextNumber = () => ++count

/** A question like no other, of letters that a database might spoil. */
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

/** A claim of an easy challenge out of the pool, unless told otherwise. */
export const claimOf = (userId: string, more: Partial<ClaimRequest> = {}): ClaimRequest => ({
  userId,
  difficulty: 'easy',
  now: noon,
  supply: { from: 'pool' },
  ...more,
})
