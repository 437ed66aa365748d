import { Database } from 'bun:sqlite'
import { expect, setDefaultTimeout, test } from 'bun:test'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { backup } from '../../src/commands/backup.ts'
import { until } from '../support/async.ts'
import { runHere } from '../support/command.ts'
import { readDatabase } from '../support/database.ts'
import { filesIn, temporaryFolder } from '../support/folder.ts'
import { startModel } from '../support/model.ts'
import { runToEnd, spawn, startInFolder } from '../support/process.ts'
import { startServer } from '../support/server.ts'
import { useServer } from '../support/shared-server.ts'

setDefaultTimeout(60_000)

/** A server for backups that are refused. */
const shared = useServer()

const databaseUrl = (path: string) => ({ DATABASE_URL: `file:${path}` })

test('a backup of a server under load has every challenge acknowledged before it, and a ledger that balances', async () => {
  using folder = temporaryFolder()
  await using model = startModel()
  await using server = await startInFolder(folder.path, model)
  const acknowledged: number[] = []
  let stopped = false
  const learn = async (n: number) => {
    while (!stopped) {
      const { status, body } = await server.generate(`user_${n}_${acknowledged.length}`)
      expect(status).toBe(200)
      acknowledged.push(body.id)
    }
  }
  const load = Promise.all([1, 2, 3, 4].map(learn))
  await until(() => acknowledged.length > 20, 'the server acknowledges challenges')
  const before = [...acknowledged]
  const copy = join(folder.path, 'copy.db')

  const run = await runToEnd({ cwd: folder.path, env: {}, args: ['backup', copy] })

  stopped = true
  await load
  expect(run).toMatchObject({ exitCode: 0, stderr: '' })
  expect(run.stdout).toBe(`data/challenges.db is backed up to ${copy}.\n`)
  expect((statSync(copy).mode & 0o777).toString(8)).toBe('600')
  expect(readdirSync(folder.path).filter((name) => name.startsWith('copy'))).toEqual(['copy.db'])
  const { integrity, owned, quotas } = readDatabase(copy)
  expect(integrity).toEqual(['ok'])
  expect(owned.map(({ id }) => id)).toEqual(expect.arrayContaining(before))
  expect(quotas.reduce((spent, { remaining }) => spent + 50 - remaining, 0)).toBe(owned.length)
  expect((await server.fetch('/ready')).status).toBe(200)
})

test('a backup of a server that was killed has the writes of its -wal, also beside the rest of a backup by the same process id', async () => {
  using folder = temporaryFolder()
  await using model = startModel()
  const server = await startInFolder(folder.path, model)
  const { body } = await server.generate('user_1')
  await server[Symbol.asyncDispose]()
  expect(statSync(`${server.path}-wal`).size).toBeGreaterThan(0)

  const copy = join(folder.path, 'copy.db')
  writeFileSync(`${copy}.partial-${process.pid}`, 'incomplete')
  expect((await runHere(backup, [copy], databaseUrl(server.path))).failure).toBeUndefined()

  expect(readDatabase(copy).owned.map(({ id }) => id)).toEqual([body.id])
})

test.each<[string, (path: string) => void]>([
  ['a file', (path) => writeFileSync(path, 'mine')],
  ['a folder', (path) => mkdirSync(path)],
  ['a link that leads nowhere', (path) => symlinkSync('nowhere', path)],
])('a backup does not overwrite %s', async (_, make) => {
  using folder = temporaryFolder()
  const target = join(folder.path, 'copy.db')
  make(target)

  const { failure } = await runHere(backup, [target], databaseUrl(shared().path))

  expect(failure).toBe(`${target} exists already: name a file that does not exist.`)
  expect(readdirSync(folder.path)).toEqual(['copy.db'])
})

test('a backup does not overwrite a file that appears while it copies, and leaves no other file', async () => {
  using folder = temporaryFolder()
  await using server = await startServer()
  const target = join(folder.path, 'copy.db')
  {
    // A copy of 64 MB takes much longer than the test needs to write a file.
    using file = new Database(server.path)
    file.run('PRAGMA busy_timeout = 5000')
    file.run('CREATE TABLE filler (bytes BLOB)')
    for (let n = 0; n < 64; n++) file.run('INSERT INTO filler VALUES (zeroblob(1000000))')
  }

  const options = { cwd: folder.path, env: databaseUrl(server.path) }
  const { ended, output } = spawn({ ...options, args: ['backup', target] })
  await until(() => readdirSync(folder.path).length > 0, 'the copy begins')
  writeFileSync(target, 'mine')

  expect(await ended).toBe(1)
  expect(output.stderr).toBe(`${target} exists already: name a file that does not exist.\n`)
  expect(readdirSync(folder.path)).toEqual(['copy.db'])
})

/** Writes a database whose second page, the first of its table, is overwritten. */
function damage(path: string) {
  {
    using file = new Database(path, { create: true })
    file.run('CREATE TABLE assignments (id INTEGER PRIMARY KEY, question_id INTEGER)')
  }
  writeFileSync(path, readFileSync(path).fill(0xa5, 4096, 4160))
}

test.each<[string, string, (path: string) => void]>([
  ['a missing database', 'There is no database', () => undefined],
  ['a text', 'file is not a database', (path) => writeFileSync(path, 'Dear diary, '.repeat(1000))],
  ['a damaged database', 'malformed', damage],
  ['another program’s database', 'not a database of this server', (path) => new Database(path).close()],
])('a backup of %s is refused in one sentence, and no file is left', async (_, said, make) => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'challenges.db')
  make(path)
  const before = filesIn(folder.path)

  const { failure, stdout } = await runHere(backup, [join(folder.path, 'copy.db')], databaseUrl(path))

  expect(stdout).toBe('')
  expect(failure).toContain(said)
  expect(failure).toMatch(/^[^\n]+\.$/)
  expect(filesIn(folder.path)).toEqual(before)
})

test('a backup into a missing folder is refused, and one of PostgreSQL names pg_dump', async () => {
  const missing = await runHere(backup, ['/nowhere/copy.db'], databaseUrl(shared().path))
  const postgres = await runHere(backup, ['copy.db'], { DATABASE_URL: 'postgres://127.0.0.1:1/nothing' })

  expect(missing.failure).toBe('There is no folder /nowhere: create it, or name a file elsewhere.')
  expect(postgres.failure).toContain('pg_dump')
  expect(existsSync('copy.db')).toBe(false)
})
