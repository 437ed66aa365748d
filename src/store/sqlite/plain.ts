import type { Database } from 'bun:sqlite'
import { getViewSelectedFields } from 'drizzle-orm'
import type { Challenge } from '../../question.ts'
import { type HistoryRequest, verdictConditions } from '../records.ts'
import { challenges } from './schema.ts'

// Statements in plain SQL. docs/decisions.md has the rule for them and the measurements.

type Row = Omit<Challenge, 'options' | 'optionNotes' | 'charged'> & {
  options: string
  optionNotes: string | null
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
    options: JSON.parse(options),
    optionNotes: optionNotes === null ? null : JSON.parse(optionNotes),
    charged: charged === 1,
  })
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
    LIMIT $limit`
}
