import type { ReservedSQL } from 'bun'
import { getViewSelectedFields } from 'drizzle-orm'
import type { Challenge } from '../../question.ts'
import type { Quota, QuotaPolicy } from '../../quota.ts'
import type { Topic } from '../../topics.ts'
import { toOfferedCondition } from '../claim.ts'
import type { Batch } from '../library.ts'
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

/** The columns of a question that a challenge shows, and its id. */
const shownColumns = `questions.difficulty, title, options, correct_answer_id, explanation, questions.topic, source,
  option_notes, state, questions.id AS question_id`

/** Assigns the question of the common table `taken` to the user and charges for it, or does neither. */
const assignTakenSql = `assigned AS (
    INSERT INTO assignments (question_id, created_by, date_created, idempotency_key, requested_topic, charged)
    SELECT question_id, $2, $3::bigint, $4, $5, true FROM taken
    RETURNING id, date_created, created_by, charged, answer_id, answered_at
  ), charged AS (
    UPDATE challenge_quotas SET quota_remaining = quota_remaining - 1
    WHERE user_id = $2 AND EXISTS (SELECT 1 FROM taken)
  )`

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

/**
 * Locks the quota, assigns the ready question that has waited longest and charges for it, in one round trip. Does neither
 * if there is no such question, if no credits are left, or if a refill is due. It skips questions that other transactions
 * are taking. Returns the quota before the charge too. `offered` are the topics that the server offers.
 */
export function prepareAssignReady(policy: QuotaPolicy, offered: readonly Topic[]) {
  const anySql = toAssignReadySql(toOfferedCondition(offered))
  const ofTopicSql = toAssignReadySql('topic = $5')
  return async function assignReady(
    sql: Connection,
    { userId, difficulty, topic, now, idempotencyKey }: ClaimRequest,
  ): Promise<(Challenge & { quota: Quota }) | undefined> {
    const { after, until } = policy.currentResets(now)
    const statement = topic === undefined ? anySql : ofTopicSql
    const parameters = [difficulty, userId, now, idempotencyKey ?? null, topic ?? null, after, until]
    const [row]: Row[] = await sql.unsafe(statement, parameters)
    if (!row) return undefined
    const { quotaId, remaining, limit, lastReset, ...challenge } = row
    const quota = { id: Number(quotaId), userId, remaining: Number(remaining), limit: Number(limit) }
    return { ...toChallenge(challenge), quota: { ...quota, lastReset: Number(lastReset) } }
  }
}

const toAssignReadySql = (condition: string) => `
  WITH quota AS MATERIALIZED (
    SELECT id AS "quotaId", quota_remaining AS remaining, coalesce(quota_limit, quota_remaining) AS "limit",
      last_reset_date AS "lastReset"
    FROM challenge_quotas
    WHERE user_id = $2 AND quota_remaining > 0 AND last_reset_date > $6 AND last_reset_date <= $7 FOR UPDATE
  ), ready AS (
    SELECT id FROM questions
    WHERE EXISTS (SELECT FROM quota) AND difficulty = $1 AND state = 'ready' AND ${condition}
    ORDER BY date_created, id LIMIT 1 FOR UPDATE SKIP LOCKED
  ), taken AS (
    UPDATE questions SET state = 'circulating' FROM ready WHERE questions.id = ready.id
    RETURNING ${shownColumns}
  ), ${assignTakenSql}
  SELECT ${columns}, quota.* FROM assigned, taken, quota`

/**
 * Assigns the first question of a batch of positions that the user has not had, charges for it, and takes the steps of the
 * walk, in one round trip. Without such a question it only takes the steps.
 */
export async function assignFromBatch(
  sql: Connection,
  { userId, now, idempotencyKey, topic }: ClaimRequest,
  { libraryId, walk, positions }: Batch,
): Promise<Challenge | undefined> {
  const { first, size, start, stride, step } = walk
  const request = [positions.join(), userId, now, idempotencyKey ?? null, topic ?? null]
  const parameters = [...request, libraryId, first, size, start, stride, step, positions.length]
  const rows: Row[] = await sql.unsafe(assignFromBatchSql, parameters)
  return rows.map(toChallenge)[0]
}

const assignFromBatchSql = `
  WITH taken AS (
    SELECT ${shownColumns}, passed
    FROM unnest(string_to_array($1, ',')::int[]) WITH ORDINALITY AS batch (position, passed)
    JOIN questions ON questions.library_id = $6::bigint AND questions.position = batch.position
    WHERE NOT EXISTS (SELECT 1 FROM assignments WHERE created_by = $2 AND question_id = questions.id)
    ORDER BY passed LIMIT 1
  ), walked AS (
    INSERT INTO walks (user_id, library_id, first, size, start, stride, step)
    VALUES ($2, $6::bigint, $7::int, $8::int, $9::int, $10::int,
      $11::int + coalesce((SELECT passed::int FROM taken), $12::int))
    ON CONFLICT (user_id, library_id) DO UPDATE SET first = excluded.first, size = excluded.size,
      start = excluded.start, stride = excluded.stride, step = excluded.step
  ), ${assignTakenSql}
  SELECT ${columns} FROM assigned, taken`

/** Takes back an assignment with its charge. Returns the id of the question. */
export async function undoAssignment(sql: Connection, id: number): Promise<number> {
  const [undone]: Row[] = await sql.unsafe(
    `WITH undone AS (DELETE FROM assignments WHERE id = $1 RETURNING question_id, created_by),
      refunded AS (
        UPDATE challenge_quotas SET quota_remaining = quota_remaining + 1 FROM undone WHERE user_id = created_by
      )
      SELECT question_id FROM undone`,
    [id],
  )
  return Number(undone?.question_id)
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
