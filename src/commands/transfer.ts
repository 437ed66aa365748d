import { existsSync, statSync } from 'node:fs'
import type { Config } from '../config.ts'
import { isSameFile } from '../store/same-file.ts'
import { exportSqliteFile } from '../store/sqlite/export.ts'
import { createCommand } from './command.ts'
import { importAll, reportRefused } from './import-all.ts'
import { createProgress } from './progress.ts'
import { useStore } from './store.ts'

/** `transfer <challenges.db>` */
export const transfer = createCommand({
  synopsis: 'DATABASE_URL=postgres://… bun run transfer <challenges.db>',
  summary: 'Moves a SQLite database of this server to DATABASE_URL, ids included.',
  details:
    'Stop the server of the SQLite database first: a row that changes after it was moved is not moved again.\nAn interrupted run may be repeated.',
  options: {},
  words: [1, 1],
  run: (config, [path = '']) => moveDatabase(config, path),
})

/** @throws Error with one sentence when the file cannot be read, or is the destination. */
async function moveDatabase(config: Config, path: string) {
  const { database } = config
  if (database.engine === 'sqlite' && leadToOneFile(database.path, path)) {
    throw new Error('DATABASE_URL names the file that is to be moved: set it to where the rows should go.')
  }
  using progress = createProgress()
  progress.show(`Reading ${path}`)
  const { refused, ...rows } = exportSqliteFile(path)
  progress.show('Opening the database')
  await useStore(config, (store) => importAll(store, rows, progress))
  reportRefused(refused, progress)
}

/** Whether two paths lead to the same file, also through links. */
function leadToOneFile(one: string, other: string): boolean {
  return existsSync(one) && existsSync(other) && isSameFile(statSync(one), statSync(other))
}
