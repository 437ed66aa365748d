import type { Database } from 'bun:sqlite'
import { getViewSelectedFields } from 'drizzle-orm'
import type { Challenge } from '../../question.ts'
import type { HistoryRequest } from '../store.ts'
import { challenges } from './schema.ts'

// Statements in plain SQL. docs/decisions.md has the rule for them and the measurements.

type Row = Omit<Challenge, 'options'> & { options: string }

const columns = Object.entries(getViewSelectedFields(challenges)).map(
  ([name, { name: column }]) => `${column} AS ${name}`,
)

export function prepareHistory(file: Database) {
  return function readHistory(request: HistoryRequest): Challenge[] {
    const { userId, difficulty, after, limit } = request
    const parameters = { userId, limit, ...after, ...(difficulty && { difficulty }) }
    const rows = file.query<Row, Record<string, string | number>>(toHistorySql(request)).all(parameters)
    return rows.map((row) => Object.assign(row, { options: JSON.parse(row.options) }))
  }
}

/** Builds one of the four statements for a page. With `+`, SQLite compiles each once (`sought` in statements.ts). */
export function toHistorySql({ difficulty, after }: Pick<HistoryRequest, 'difficulty' | 'after'>): string {
  return `
    SELECT ${columns.join(', ')}
    FROM challenges
    WHERE created_by = +$userId
      ${difficulty ? 'AND difficulty = +$difficulty' : ''}
      ${after ? 'AND date_created <= +$dateCreated AND (date_created < +$dateCreated OR id < +$id)' : ''}
    ORDER BY date_created DESC, id DESC
    LIMIT $limit`
}
