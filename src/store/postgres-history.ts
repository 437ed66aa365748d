import { sql } from 'drizzle-orm'
import type { BunSQLDatabase } from 'drizzle-orm/bun-sql'
import type { Challenge } from '../challenge.ts'
import type { HistoryRequest } from './store.ts'

type Row = Omit<Challenge, 'options'> & { options: string }

/** Reads a page of a history. In plain SQL: Drizzle takes longer to map a hundred rows than PostgreSQL to find and send them. */
export async function readHistory(
  db: Pick<BunSQLDatabase, 'execute'>,
  { userId, difficulty, after, limit }: HistoryRequest,
): Promise<Challenge[]> {
  const rows = await db.execute(sql`
    SELECT id, difficulty, date_created AS "dateCreated", title, options, correct_answer_id AS "correctAnswerId",
      explanation, source
    FROM challenges
    WHERE created_by = ${userId}
      ${difficulty ? sql`AND difficulty = ${difficulty}` : sql``}
      ${after ? sql`AND date_created <= ${after.dateCreated} AND (date_created < ${after.dateCreated} OR id < ${after.id})` : sql``}
    ORDER BY date_created DESC, id DESC
    LIMIT ${limit}`)
  return (rows as Row[]).map((row) =>
    Object.assign(row, {
      // 64-bit numbers come as text, and the options are JSON in one.
      id: Number(row.id),
      dateCreated: Number(row.dateCreated),
      options: JSON.parse(row.options),
    }),
  )
}
