import type { Database } from 'bun:sqlite'
import { getViewSelectedFields } from 'drizzle-orm'
import type { Challenge } from '../../question.ts'
import {
  type AnswerListRequest,
  beforeFirst,
  type HistoryRequest,
  type ListedAnswer,
  verdictConditions,
} from '../records.ts'
import { parseColumn } from '../soundness.ts'
import { challenges } from './schema.ts'

// Statements in plain SQL. docs/decisions.md has the rule for them and the measurements.

type Row = Omit<Challenge, 'options' | 'optionNotes' | 'charged'> & {
  options: unknown
  optionNotes: unknown
  charged: 0 | 1
}

const columns = Object.entries(getViewSelectedFields(challenges)).map(
  ([name, { name: column }]) => `${column} AS ${name}`,
)

export function prepareHistory(file: Database) {
  return function readHistory(request: HistoryRequest): Challenge[] {
    const { userId, difficulty, topic, after, limit } = request
    const filters = { ...(difficulty && { difficulty }), ...(topic && { topic }) }
    const parameters = { userId, limit, ...after, ...filters }
    const rows = file.query<Row, Record<string, string | number>>(toHistorySql(request)).all(parameters)
    return rows.map(toChallenge)
  }
}

function toChallenge(row: Row): Challenge {
  const { options, optionNotes, charged } = row
  return Object.assign(row, {
    options: parseColumn(options),
    optionNotes: optionNotes === null ? null : parseColumn(optionNotes),
    charged: charged === 1,
  }) as Challenge
}

/** Builds a statement for a page. With `+`, SQLite compiles each statement once (`sought` in statements.ts). */
export function toHistorySql({
  difficulty,
  topic,
  answer,
  after,
}: Omit<HistoryRequest, 'userId' | 'limit'>): string {
  return `
    SELECT ${columns.join(', ')}
    FROM challenges
    WHERE created_by = +$userId
      ${difficulty ? 'AND difficulty = +$difficulty' : ''}
      ${topic ? 'AND topic = +$topic' : ''}
      ${answer ? verdictConditions[answer] : ''}
      ${after ? 'AND date_created <= +$dateCreated AND (date_created < +$dateCreated OR id < +$id)' : ''}
    ORDER BY date_created DESC, id DESC
    LIMIT +$limit`
}

/** Reads the index `assignments_answers` and the ids of the retired questions. Drizzle takes twice as long. */
const answerListSql = `
  SELECT id, answered_at AS answeredAt, answer_difficulty AS difficulty, answer_topic AS topic,
    answer_correct AS correct
  FROM assignments
  WHERE created_by = +$userId AND answered_at IS NOT NULL AND (answered_at, id) > (+$answeredAt, +$id)
    AND question_id NOT IN (SELECT id FROM questions WHERE state = 'retired')
  ORDER BY answered_at, id
  LIMIT +$limit`

export function prepareAnswerList(file: Database) {
  type AnswerRow = Omit<ListedAnswer, 'correct'> & { correct: unknown }
  const list = file.query<AnswerRow, Record<string, string | number>>(answerListSql)
  return function readAnswers({ userId, after, limit }: AnswerListRequest) {
    const { answeredAt, id } = after ?? beforeFirst
    return list
      .all({ userId, answeredAt, id, limit })
      .map((row) =>
        Object.assign(row, { correct: (row.correct === null ? null : row.correct === 1) as boolean }),
      )
  }
}
