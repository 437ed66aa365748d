import type { Database } from 'bun:sqlite'
import { getTableColumns, getTableName, getViewName, getViewSelectedFields, isTable } from 'drizzle-orm'
import { challenges } from './challenges-view.ts'
import * as librarySchema from './library-schema.ts'
import * as quotaSchema from './quota-schema.ts'
import * as schema from './schema.ts'

/** Every column of the schema, and the only index that a statement names. */
const needed = [...listColumns(), 'questions_entering']

function listColumns(): string[] {
  const tables = Object.values({ ...schema, ...librarySchema, ...quotaSchema }).filter((table) =>
    isTable(table),
  )
  const toNames = (table: string, columns: object) =>
    Object.values<{ name: string }>({ ...columns }).map(({ name }) => `${table}.${name}`)
  return [
    ...tables.flatMap((table) => toNames(getTableName(table), getTableColumns(table))),
    ...toNames(getViewName(challenges), getViewSelectedFields(challenges)),
  ]
}

/**
 * Statements are prepared when they are first used. Without this check, a server on an incomplete database would start,
 * and then fail requests.
 * @throws Error if a table, a column or the index is missing
 */
export function requireSchema(file: Database, path: string) {
  const found = file
    .query<{ name: string }, []>(
      `SELECT entry.name || coalesce('.' || part.name, '') AS name
        FROM sqlite_schema AS entry LEFT JOIN pragma_table_info(entry.name) AS part`,
    )
    .all()
  const names = new Set(found.map(({ name }) => name))
  const missing = needed.filter((name) => !names.has(name))
  if (missing.length > 0)
    throw new Error(`The database ${path} lacks ${missing.join(', ')}: restore it from a backup.`)
}
