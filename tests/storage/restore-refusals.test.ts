import { Database } from 'bun:sqlite'
import { expect, setDefaultTimeout, test } from 'bun:test'
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { restore } from '../../src/commands/restore.ts'
import { runHere } from '../support/command.ts'
import { temporaryFolder } from '../support/folder.ts'
import { makeDatabase, ownedIn, pathsIn, run } from '../support/restore.ts'

setDefaultTimeout(60_000)

const prepare = await makeDatabase()

const edit = (path: string, sql: string) => {
  using file = new Database(path)
  file.run(sql)
}

test.each<[string, string, (copy: string, path: string) => void]>([
  ['a missing file', 'There is no file', (copy) => rmSync(copy)],
  ['a text', 'not a database', (copy) => writeFileSync(copy, 'Dear diary, '.repeat(1000))],
  ['a folder', 'cannot be copied', (copy) => [rmSync(copy), mkdirSync(copy)]],
  ['a damaged backup', 'malformed', (copy) => writeFileSync(copy, readFileSync(copy).fill(0xa5, 4096, 4200))],
  [
    'a backup that breaks off',
    'malformed',
    (copy) => writeFileSync(copy, readFileSync(copy).subarray(0, 9000)),
  ],
  [
    'a newer schema',
    'newer version',
    (copy) => edit(copy, `INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('ff', 9000000000000)`),
  ],
  [
    'the FastAPI server’s database',
    'not a database of this server',
    (copy) => [rmSync(copy), new Database(copy).run('CREATE TABLE challenges (id INTEGER PRIMARY KEY)')],
  ],
  ['the database itself', 'is the database itself', (copy, path) => [rmSync(copy), symlinkSync(path, copy)]],
])('%s is not restored: one sentence, and the database is as it was', async (_, said, make) => {
  using folder = temporaryFolder()
  const { old } = prepare(folder)
  const { path, copy } = pathsIn(folder)
  make(copy, path)
  const names = readdirSync(join(folder.path, 'data'))

  const { stdout, failure } = await run(restore, folder, copy)

  expect(stdout).toBe('')
  expect(failure).toContain(said)
  expect(failure).toMatch(/^[^\n]+\.$/)
  expect(names).toEqual(expect.arrayContaining(readdirSync(join(folder.path, 'data'))))
  expect(ownedIn(path)).toEqual(old)
})

test('a restore of PostgreSQL names pg_restore', async () => {
  const { failure } = await runHere(restore, ['copy.db'], { DATABASE_URL: 'postgres://127.0.0.1:1/nothing' })
  expect(failure).toContain('pg_restore')
})
