import { Database } from 'bun:sqlite'
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { existsSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from '../../src/commands/command.ts'
import { importOriginal } from '../../src/commands/import.ts'
import { transfer } from '../../src/commands/transfer.ts'
import { createSqliteStore } from '../../src/store/sqlite/store.ts'
import { runHere } from '../support/command.ts'
import { policy } from '../support/contract.ts'
import { temporaryFolder } from '../support/folder.ts'
import { createOriginal } from '../support/original.ts'
import { oldChallenge, writeOldSqlite } from '../support/version-1.ts'

const folder = temporaryFolder()
const at = (name: string) => join(folder.path, name)

beforeAll(async () => {
  mkdirSync(at('folder'))
  writeFileSync(at('text.txt'), 'no database\n'.repeat(100))
  writeFileSync(at('empty.db'), '')
  for (const table of ['notes', 'challenges']) {
    using file = new Database(at(`${table}.db`), { create: true })
    file.run(`CREATE TABLE ${table} (id INTEGER)`)
  }
  // To read these views takes for ever.
  using endless = new Database(at('endless.db'), { create: true })
  const rows = 'WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n)'
  endless.run(`CREATE VIEW challenges AS ${rows} SELECT id, 0 AS correct_answer_id FROM n`)
  endless.run(`CREATE VIEW assignments AS ${rows} SELECT id, id AS question_id FROM n`)
  endless.run('CREATE TABLE challenge_quotas (user_id TEXT)')
  const original = createOriginal(at('original.db'))
  original.addChallenge(1)
  original.close()
  const damaged = createOriginal(at('damaged.db'))
  for (let id = 1; id < 100; id++) damaged.addChallenge(id)
  damaged.close()
  truncateSync(at('damaged.db'), 12_000)
  const store = createSqliteStore({ path: at('ours.db'), policy })
  await store.close()
  writeOldSqlite(at('version-1.db'), [oldChallenge(1)], 1)
})
afterAll(() => folder[Symbol.dispose]())

test.each([
  ['missing.db', 'There is no file missing.db.', 'There is no file missing.db.'],
  ['text.txt/a.db', 'There is no file text.txt/a.db.', 'There is no file text.txt/a.db.'],
  [
    'folder',
    'folder is a folder: name the database file in it.',
    'folder is a folder: name the database file in it.',
  ],
  ['text.txt', 'text.txt is not a SQLite database.', 'text.txt is not a SQLite database.'],
  ['empty.db', 'empty.db is empty.', 'empty.db is empty.'],
  [
    'damaged.db',
    'damaged.db cannot be read: database disk image is malformed (SQLITE_CORRUPT).',
    'damaged.db cannot be read: database disk image is malformed (SQLITE_CORRUPT).',
  ],
  [
    'notes.db',
    'notes.db is a SQLite database, but not one of the FastAPI server.',
    'notes.db is a SQLite database, but not one of this server.',
  ],
  [
    'endless.db',
    'endless.db is a SQLite database, but not one of the FastAPI server.',
    'endless.db is a SQLite database, but not one of this server.',
  ],
  [
    'challenges.db',
    'challenges.db is a SQLite database, but not one of the FastAPI server.',
    'challenges.db is a SQLite database, but not one of this server.',
  ],
  ['ours.db', 'ours.db is a database of this server: move it with `bun run transfer ours.db`.', undefined],
  [
    'original.db',
    undefined,
    'original.db is a database of the FastAPI server: import it with `bun run import original.db`.',
  ],
  [
    'version-1.db',
    'version-1.db is a database of this server: move it with `bun run transfer version-1.db`.',
    'Version 1.0 wrote version-1.db: start this version on it once, which migrates it.',
  ],
])(
  '`import` and `transfer` say what is wrong with %p, and create no database',
  async (name, imported, transferred) => {
    const toFailure = async (command: Command) => {
      const env = { DATABASE_URL: `file:${at('new.db')}` }
      const { stdout, failure } = await runHere(command, [at(name)], env)
      expect(stdout).toBe('')
      return String(failure).replaceAll(`${folder.path}/`, '')
    }

    if (imported) expect(await toFailure(importOriginal)).toBe(imported)
    if (transferred) expect(await toFailure(transfer)).toBe(transferred)
    expect(existsSync(at('new.db'))).toBe(false)
  },
)
