import type { Database } from 'bun:sqlite'
import type { Challenge } from '../challenge.ts'
import type { HistoryRequest } from './store.ts'

type Row = Omit<Challenge, 'options'> & { options: string }

/** Reads a page of a history. In plain SQL: Drizzle takes as long to map a hundred rows as SQLite to find them. */
export function readHistory(file: Database, request: HistoryRequest): Challenge[] {
  const { userId, difficulty, after, limit } = request
  const parameters = { userId, limit, ...after, ...(difficulty && { difficulty }) }
  const rows = file.query<Row, Record<string, string | number>>(historySql(request)).all(parameters)
  return rows.map((row) => Object.assign(row, { options: JSON.parse(row.options) }))
}

/** The statement of a page, one of four; bun:sqlite compiles each once. */
export function historySql({ difficulty, after }: Pick<HistoryRequest, 'difficulty' | 'after'>): string {
  return `
    SELECT id, difficulty, date_created AS dateCreated, title, options, correct_answer_id AS correctAnswerId,
      explanation, source
    FROM challenges
    WHERE created_by = $userId
      ${difficulty ? 'AND difficulty = $difficulty' : ''}
      ${after ? 'AND date_created <= $dateCreated AND (date_created < $dateCreated OR id < $id)' : ''}
    ORDER BY date_created DESC, id DESC
    LIMIT $limit`
}
