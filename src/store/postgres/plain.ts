import { getViewSelectedFields, type SQL, sql } from 'drizzle-orm'
import type { BunSQLDatabase } from 'drizzle-orm/bun-sql'
import type { Challenge } from '../../question.ts'
import type { ClaimRequest, HistoryRequest } from '../store.ts'
import { challenges } from './schema.ts'

// Statements in plain SQL. docs/decisions.md has the rule for them and the measurements.

type Connection = Pick<BunSQLDatabase, 'execute'>
type Row = Record<string, unknown>

const columns = sql.join(
  Object.entries(getViewSelectedFields(challenges)).map(
    ([name, { name: column }]) => sql`${sql.identifier(column)} AS ${sql.identifier(name)}`,
  ),
  sql`, `,
)

export async function readHistory(
  db: Connection,
  { userId, difficulty, after, limit }: HistoryRequest,
): Promise<Challenge[]> {
  const ofDifficulty = difficulty ? sql`AND difficulty = ${difficulty}` : sql``
  const further = after
    ? sql`AND date_created <= ${after.dateCreated} AND (date_created < ${after.dateCreated} OR id < ${after.id})`
    : sql``
  return readChallenges(
    db,
    sql`FROM challenges WHERE created_by = ${userId} ${ofDifficulty} ${further}
      ORDER BY date_created DESC, id DESC
      LIMIT ${limit}`,
  )
}

/** Whether the database refuses writes. Rejects if the tables are missing. */
export async function readReadOnly(db: Connection): Promise<boolean> {
  const [row] = await db.execute(sql`
    SELECT current_setting('transaction_read_only') AS "readOnly",
      (SELECT count(*) FROM challenge_quotas WHERE user_id = '')`)
  return row?.readOnly === 'on'
}

/**
 * Assigns the oldest ready question and charges one credit, or does neither, in one round trip. Skips questions that
 * other transactions have locked.
 */
export async function assignReady(
  db: Connection,
  { userId, difficulty, now, idempotencyKey }: ClaimRequest,
): Promise<Challenge | undefined> {
  const key = idempotencyKey ?? null
  const [challenge] = await readChallenges(
    db,
    sql`FROM assigned, taken`,
    sql`
    WITH ready AS (
      SELECT id FROM questions WHERE difficulty = ${difficulty} AND state = 'ready'
      ORDER BY date_created, id LIMIT 1 FOR UPDATE SKIP LOCKED
    ), taken AS (
      UPDATE questions SET state = 'circulating' FROM ready WHERE questions.id = ready.id
      RETURNING difficulty, title, options, correct_answer_id, explanation, topic, source, questions.id AS question_id
    ), assigned AS (
      INSERT INTO assignments (question_id, created_by, date_created, idempotency_key, charged)
      SELECT question_id, ${userId}, ${now}::bigint, ${key}, true FROM taken
      RETURNING id, date_created, created_by
    ), charged AS (
      UPDATE challenge_quotas SET quota_remaining = quota_remaining - 1
      WHERE user_id = ${userId} AND EXISTS (SELECT 1 FROM ready)
    )`,
  )
  return challenge
}

async function readChallenges(db: Connection, from: SQL, prefix = sql``): Promise<Challenge[]> {
  const rows = await db.execute(sql`${prefix} SELECT ${columns} ${from}`)
  return rows.map(toChallenge)
}

/** Bun returns 64-bit numbers as text; the options are JSON in a text column. */
function toChallenge(row: Row): Challenge {
  const { id, dateCreated, options } = row
  return Object.assign(row, {
    id: Number(id),
    dateCreated: Number(dateCreated),
    options: JSON.parse(String(options)),
  }) as unknown as Challenge
}
