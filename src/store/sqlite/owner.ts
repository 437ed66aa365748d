import type { Database } from 'bun:sqlite'

/**
 * The program that wrote a database. `none`: there is nothing named `challenges`. The views of another program count as
 * `other`: to read a view may take for ever.
 */
export type Owner = 'this server' | 'this server, 1.0.0' | 'FastAPI server' | 'other' | 'none'

export function findOwner(file: Database): Owner {
  const isNamed = 'FROM sqlite_schema WHERE name = $table COLLATE NOCASE'
  const columnsSql = `SELECT name FROM pragma_table_info($table)
    WHERE EXISTS (SELECT 1 ${isNamed} AND type = 'table')`
  const readColumns = (table: string) =>
    file
      .query<{ name: string }, { table: string }>(columnsSql)
      .all({ table })
      .map(({ name }) => name)
  if (readColumns('assignments').includes('question_id')) return 'this server'
  const challenges = readColumns('challenges')
  if (challenges.includes('import_key')) return 'this server, 1.0.0'
  if (challenges.length === 0)
    return file.query(`SELECT 1 ${isNamed}`).get({ table: 'challenges' }) ? 'other' : 'none'
  const isOriginal =
    challenges.includes('correct_answer_id') && readColumns('challenge_quotas').includes('user_id')
  return isOriginal ? 'FastAPI server' : 'other'
}
