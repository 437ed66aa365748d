import { sql } from 'drizzle-orm'
import type { BunSQLDatabase } from 'drizzle-orm/bun-sql'
import type { Challenge } from '../challenge.ts'
import { challengeColumns, challengeOf } from './postgres-rows.ts'
import type { HistoryRequest } from './store.ts'

/**
 * Reads a page of a history. In plain SQL: Drizzle takes longer to map a hundred rows than PostgreSQL to find and send
 * them.
 */
export async function readHistory(
  db: Pick<BunSQLDatabase, 'execute'>,
  { userId, difficulty, after, limit }: HistoryRequest,
): Promise<Challenge[]> {
  const ofDifficulty = difficulty ? sql`AND difficulty = ${difficulty}` : sql``
  const further = after
    ? sql`AND date_created <= ${after.dateCreated} AND (date_created < ${after.dateCreated} OR id < ${after.id})`
    : sql``
  const rows = await db.execute(sql`
    SELECT ${challengeColumns}
    FROM challenges
    WHERE created_by = ${userId} ${ofDifficulty} ${further}
    ORDER BY date_created DESC, id DESC
    LIMIT ${limit}`)
  return rows.map(challengeOf)
}
