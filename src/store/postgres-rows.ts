import { sql } from 'drizzle-orm'
import type { Challenge } from '../challenge.ts'

/** What a challenge is read from, for statements in plain SQL. */
export const challengeColumns = sql`
  challenges.id, difficulty, date_created AS "dateCreated", title, options, correct_answer_id AS "correctAnswerId",
  explanation, source`

/**
 * The challenge in a row of these columns, which it becomes: 64-bit numbers come as text, and the options are JSON in
 * one.
 */
export function challengeOf(row: Record<string, unknown>): Challenge {
  const { id, dateCreated, options } = row
  return Object.assign(row, {
    id: Number(id),
    dateCreated: Number(dateCreated),
    options: JSON.parse(String(options)),
  }) as unknown as Challenge
}
