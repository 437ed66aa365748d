import { statSync } from 'node:fs'
import type { Config } from '../config.ts'
import { createQuotaPolicy } from '../quota/policy.ts'
import { openStore } from '../store/open.ts'
import { readSqliteFile } from '../store/sqlite-takeover.ts'
import { takeOverAll } from '../takeover/take-over-all.ts'

/**
 * `migrate <challenges.db>`: moves a SQLite database of ours to the one that is configured, ids included, once its server
 * has stopped: what has changed in a row that was moved is not moved again. A run that was cut short may be repeated.
 * @throws Error with one sentence when the words are not one file, or it cannot be read.
 */
export async function migrate(config: Config, [path, ...more]: string[]) {
  if (!path || more.length > 0)
    throw new Error('Usage: DATABASE_URL=postgres://… bun run migrate <challenges.db>')
  const { database } = config
  if (database.engine === 'sqlite' && isSameFile(database.path, path)) {
    throw new Error('DATABASE_URL names the file that is to be moved: set it to where the rows should go.')
  }
  const rows = readSqliteFile(path)
  const store = await openStore(database, createQuotaPolicy(config.quota))
  await takeOverAll(store, rows).finally(() => store.close())
}

/** Whether two paths lead to one file, by whatever name. */
function isSameFile(one: string, other: string): boolean {
  const [a, b] = [one, other].map((path) => statSync(path, { throwIfNoEntry: false }))
  return a !== undefined && a.ino === b?.ino && a.dev === b.dev
}
