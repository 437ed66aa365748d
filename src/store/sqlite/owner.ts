import type { Database } from 'bun:sqlite'

/** The program that wrote a database. `none`: there is no table `challenges`. */
export type Owner = 'this server' | 'this server, 1.0.0' | 'FastAPI server' | 'other' | 'none'

export function findOwner(file: Database): Owner {
  const readColumns = (table: string) =>
    file
      .query<{ name: string }, { table: string }>('SELECT name FROM pragma_table_info($table)')
      .all({ table })
      .map(({ name }) => name)
  if (readColumns('assignments').includes('question_id')) return 'this server'
  const challenges = readColumns('challenges')
  if (challenges.includes('import_key')) return 'this server, 1.0.0'
  if (challenges.length === 0) return 'none'
  const isOriginal =
    challenges.includes('correct_answer_id') && readColumns('challenge_quotas').includes('user_id')
  return isOriginal ? 'FastAPI server' : 'other'
}
