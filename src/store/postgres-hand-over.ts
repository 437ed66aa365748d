import { sql } from 'drizzle-orm'
import type { BunSQLDatabase } from 'drizzle-orm/bun-sql'
import type { Challenge, Difficulty } from '../challenge.ts'
import { challengeColumns, challengeOf } from './postgres-rows.ts'

type Claim = { userId: string; difficulty: Difficulty; now: number; key: string | null }

/**
 * Hands the first ready challenge over and charges for it, or does neither, in one round trip. It passes over rows that
 * others are about to take. In plain SQL: Drizzle takes longer to put this statement together than PostgreSQL to run it.
 */
export async function handOverReady(
  db: Pick<BunSQLDatabase, 'execute'>,
  { userId, difficulty, now, key }: Claim,
): Promise<Challenge | undefined> {
  const [row] = await db.execute(sql`
    WITH ready AS (
      SELECT id FROM challenges WHERE difficulty = ${difficulty} AND created_by IS NULL
      ORDER BY date_created, id LIMIT 1 FOR UPDATE SKIP LOCKED
    ), charged AS (
      UPDATE challenge_quotas SET quota_remaining = quota_remaining - 1
      WHERE user_id = ${userId} AND EXISTS (SELECT 1 FROM ready)
    )
    UPDATE challenges SET created_by = ${userId}, date_created = ${now}, idempotency_key = ${key}
    FROM ready WHERE challenges.id = ready.id
    RETURNING ${challengeColumns}`)
  return row && challengeOf(row)
}
