import { existsSync } from 'node:fs'
import type { Config } from '../config.ts'
import { replaceDatabase } from '../store/sqlite/replace.ts'
import { createCommand } from './command.ts'
import { createProgress } from './progress.ts'

/** `restore <file>` */
export const restore = createCommand({
  synopsis: 'bun run restore <file>',
  summary: 'Replaces the SQLite database of DATABASE_URL by a copy of a backup.',
  details: `Stop every server that uses the database first. The replaced database is kept beside it as
….before-restore. A backup of an older version is migrated when the server starts.
For PostgreSQL use pg_restore.`,
  options: {},
  words: [1, 1],
  run: (config, [path = '']) => restoreFrom(config, path),
})

/** @throws Error with one sentence when the backup cannot be used, or the database is in use. */
async function restoreFrom({ database }: Config, path: string) {
  if (database.engine === 'postgres')
    throw new Error('DATABASE_URL names a PostgreSQL database: use pg_restore or psql to restore it.')
  if (!existsSync(path)) throw new Error(`There is no file ${path}.`)
  using progress = createProgress()
  const kept = replaceDatabase(database.path, path, progress.show)
  progress.print(`${database.path} is restored from ${path}.\n`)
  if (kept) progress.print(`The replaced database is kept as ${kept}.\n`)
}
