import type { Database } from 'bun:sqlite'
import { getTableColumns, getTableName, getViewName, getViewSelectedFields, isTable } from 'drizzle-orm'
import { challenges } from './challenges-view.ts'
import * as librarySchema from './library-schema.ts'
import * as quotaSchema from './quota-schema.ts'
import * as schema from './schema.ts'

type Columns = Record<string, { name: string }>

const tables = Object.values({ ...schema, ...librarySchema, ...quotaSchema }).filter((table) =>
  isTable(table),
)

/** The only index that a statement names. */
const index = 'questions_entering'

/**
 * Statements are prepared when they are first used. Without this check, a server on an incomplete database would start,
 * and then fail requests. Views of the operator are not read: SQLite cannot read a view whose table or column is gone.
 * @throws Error if a table, a column, the view or the index is missing
 */
export function requireSchema(file: Database, path: string) {
  const listColumns = file.query<{ name: string }, [string]>('SELECT name FROM pragma_table_info(?)')
  const listMissing = (entry: string, columns: Columns) => {
    const found = new Set(listColumns.all(entry).map(({ name }) => name))
    const names = Object.values(columns).map(({ name }) => name)
    return names.filter((name) => !found.has(name)).map((name) => `${entry}.${name}`)
  }
  const missing = tables.flatMap((table) => listMissing(getTableName(table), getTableColumns(table)))
  if (missing.length === 0)
    missing.push(...listMissing(getViewName(challenges), { ...getViewSelectedFields(challenges) } as Columns))
  if (!file.query('SELECT 1 FROM sqlite_schema WHERE name = ?').get(index)) missing.push(index)
  if (missing.length > 0)
    throw new Error(`The database ${path} lacks ${missing.join(', ')}: restore it from a backup.`)
}
