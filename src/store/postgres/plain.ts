import type { ReservedSQL } from 'bun'
import { getViewSelectedFields } from 'drizzle-orm'
import type { Challenge } from '../../question.ts'
import type { Topic } from '../../topics.ts'
import { toOfferedCondition } from '../claim.ts'
import { type HistoryRequest, verdictConditions } from '../records.ts'
import { parseColumn } from '../soundness.ts'
import type { ClaimRequest } from '../store.ts'
import { challenges } from './schema.ts'

// The statements in plain SQL. docs/decisions.md has the rule and the figures.

type Connection = Pick<ReservedSQL, 'unsafe'>
type Row = Record<string, unknown>

const columns = Object.entries(getViewSelectedFields(challenges))
  .map(([name, { name: column }]) => `${column} AS "${name}"`)
  .join(', ')

/** Reads a page of a history. */
export async function readHistory(sql: Connection, request: HistoryRequest): Promise<Challenge[]> {
  const { userId, difficulty, topic, answer, after, limit } = request
  const parameters: (string | number)[] = [userId, limit]
  const parameter = (value: string | number) => `$${parameters.push(value)}`
  const ofDifficulty = difficulty ? `AND difficulty = ${parameter(difficulty)}` : ''
  const ofTopic = topic ? `AND topic = ${parameter(topic)}` : ''
  const answered = answer ? verdictConditions[answer] : ''
  const date = after && parameter(after.dateCreated)
  const further = after
    ? `AND date_created <= ${date} AND (date_created < ${date} OR id < ${parameter(after.id)})`
    : ''
  const rows: Row[] = await sql.unsafe(
    `SELECT ${columns} FROM challenges WHERE created_by = $1 ${ofDifficulty} ${ofTopic} ${answered} ${further}
      ORDER BY date_created DESC, id DESC LIMIT $2`,
    parameters,
  )
  return rows.map(toChallenge)
}

/** Checks whether the database takes no writes. Fails if the tables are missing. */
export async function readReadOnly(sql: Connection): Promise<boolean> {
  const [row]: Row[] = await sql.unsafe(`
    SELECT current_setting('transaction_read_only') AS "readOnly",
      (SELECT count(*) FROM challenge_quotas WHERE user_id = '')`)
  return row?.readOnly === 'on'
}

/**
 * Assigns the ready question that has waited longest and charges for it, or does neither, in one round trip. It skips
 * questions that other transactions are taking. `offered` are the topics that the server offers.
 */
export function prepareAssignReady(offered: readonly Topic[]) {
  const anySql = toAssignReadySql(toOfferedCondition(offered))
  const ofTopicSql = toAssignReadySql('topic = $5')
  return async function assignReady(
    sql: Connection,
    { userId, difficulty, topic, now, idempotencyKey }: ClaimRequest,
  ): Promise<Challenge | undefined> {
    const statement = topic === undefined ? anySql : ofTopicSql
    const parameters = [difficulty, userId, now, idempotencyKey ?? null, topic ?? null]
    const rows: Row[] = await sql.unsafe(statement, parameters)
    return rows.map(toChallenge)[0]
  }
}

const toAssignReadySql = (condition: string) => `
  WITH ready AS (
    SELECT id FROM questions WHERE difficulty = $1 AND state = 'ready' AND ${condition}
    ORDER BY date_created, id LIMIT 1 FOR UPDATE SKIP LOCKED
  ), taken AS (
    UPDATE questions SET state = 'circulating' FROM ready WHERE questions.id = ready.id
    RETURNING difficulty, title, options, correct_answer_id, explanation, topic, source, option_notes, state,
      questions.id AS question_id
  ), assigned AS (
    INSERT INTO assignments (question_id, created_by, date_created, idempotency_key, requested_topic, charged)
    SELECT question_id, $2, $3::bigint, $4, $5, true FROM taken
    RETURNING id, date_created, created_by, charged, answer_id, answered_at
  ), charged AS (
    UPDATE challenge_quotas SET quota_remaining = quota_remaining - 1
    WHERE user_id = $2 AND EXISTS (SELECT 1 FROM ready)
  )
  SELECT ${columns} FROM assigned, taken`

/** Takes back the assignment of a damaged question, with its charge, and retires the question. */
export async function undoAssignment(sql: Connection, id: number) {
  await sql.unsafe(
    `WITH undone AS (DELETE FROM assignments WHERE id = $1 RETURNING question_id, created_by),
      refunded AS (
        UPDATE challenge_quotas SET quota_remaining = quota_remaining + 1 FROM undone WHERE user_id = created_by
      )
      UPDATE questions SET state = 'retired' FROM undone WHERE questions.id = undone.question_id`,
    [id],
  )
}

/** Bun returns 64-bit numbers as text, and the options and their notes are JSON text. */
function toChallenge(row: Row): Challenge {
  const { id, dateCreated, answeredAt, options, optionNotes } = row
  return Object.assign(row, {
    id: Number(id),
    dateCreated: Number(dateCreated),
    answeredAt: answeredAt === null ? null : Number(answeredAt),
    options: parseColumn(options),
    optionNotes: parseColumn(optionNotes),
  }) as unknown as Challenge
}
