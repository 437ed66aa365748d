import { randomInt } from 'node:crypto'
import { existsSync, lstatSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Config } from '../config.ts'
import { copyDatabase, syncToDisk } from '../store/sqlite/copy.ts'
import { createCommand } from './command.ts'
import { createProgress } from './progress.ts'

/** `backup <file>` */
export const backup = createCommand({
  synopsis: 'bun run backup <file>',
  summary: 'Copies the SQLite database of DATABASE_URL to a new file, also while servers use it.',
  details:
    'The copy is one file, is checked, and can be read by its owner only. An existing file is not overwritten.\nFor PostgreSQL use pg_dump.',
  options: {},
  words: [1, 1],
  run: (config, [path = '']) => backUp(config, path),
})

/** @throws Error with one sentence when there is no database, when `path` exists, or when the copy fails. */
async function backUp({ database }: Config, path: string) {
  if (database.engine === 'postgres')
    throw new Error('DATABASE_URL names a PostgreSQL database: use pg_dump to back it up.')
  if (!existsSync(database.path))
    throw new Error(`There is no database ${database.path}: set DATABASE_URL to the one of the server.`)
  refuseExisting(path)
  if (!existsSync(dirname(path)))
    throw new Error(`There is no folder ${dirname(path)}: create it, or name a file elsewhere.`)
  const partial = `${path}.partial-${randomInt(1e9)}`
  using progress = createProgress()
  copyDatabase(database.path, partial, progress.show)
  try {
    refuseExisting(path)
    renameSync(partial, path)
  } finally {
    rmSync(partial, { force: true })
  }
  syncToDisk(dirname(path))
  progress.print(`${database.path} is backed up to ${path}.\n`)
}

function refuseExisting(path: string) {
  if (lstatSync(path, { throwIfNoEntry: false }))
    throw new Error(`${path} exists already: name a file that does not exist.`)
}
