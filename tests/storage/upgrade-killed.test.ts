import { Database } from 'bun:sqlite'
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { copyFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { SQL } from 'bun'
import { until } from '../support/async.ts'
import { temporaryFolder } from '../support/folder.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import { spawn, startProcess, startProcesses } from '../support/process.ts'
import { environment } from '../support/server.ts'
import { writeManyOldPostgres, writeManyOldSqlite } from '../support/version-1-rows.ts'

setDefaultTimeout(120_000)
/** 100 MB, more than the page cache of SQLite holds, so that the upgrade writes before it commits. */
const large = { rows: 25_000, length: 15 }
/** Enough for an upgrade that takes a good second on PostgreSQL. */
const rows = 20_000

/** Compares databases by the numbers of their challenges. */
const sums = (from: string) => `SELECT cast(count(*) AS text) AS count, cast(sum(id) AS text) AS ids,
  cast(sum(date_created) AS text) AS dates, cast(sum(length(title)) AS text) AS letters
  FROM challenges ${from}`
const owned = sums('WHERE created_by IS NOT NULL')

const folder = temporaryFolder()
const old = join(folder.path, 'old.db')
const short = join(folder.path, 'short.db')
let postgres: Postgres
beforeAll(async () => {
  writeManyOldSqlite(old, large.rows, large.length)
  writeManyOldSqlite(short, rows)
  postgres = await startPostgres()
  await writeManyOldPostgres(await postgres.createDatabase('old'), rows)
})
afterAll(async () => {
  await postgres[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

const optionsOf = (url: string) => ({ cwd: folder.path, env: environment({ DATABASE_URL: url }) })

function copySqlite(source: string, name: string) {
  const path = join(folder.path, name)
  copyFileSync(source, path)
  return { path, url: `file:${path}` }
}

function readSqlite(path: string, sql: string) {
  using file = new Database(path, { readonly: true })
  return file.query(sql).all()
}

test('a process that is killed during the upgrade leaves the SQLite database of version 1.0.0; the next start upgrades it', async () => {
  const { path, url } = copySqlite(old, 'killed.db')
  const before = readSqlite(path, sums(''))
  const ownedBefore = readSqlite(path, owned)

  const { child, ended, output } = spawn(optionsOf(url))
  // The upgrade is one transaction. It has to write far more than this, and nothing else writes as much.
  await until(
    () => (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 4e6,
    'the upgrade',
    60_000,
  )
  child.kill('SIGKILL')
  await ended
  expect(output).toEqual({ stdout: '', stderr: '' })

  expect(readSqlite(path, sums(''))).toEqual(before)
  expect(readSqlite(path, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
  expect(
    readSqlite(path, `SELECT type FROM sqlite_schema WHERE name IN ('challenges', 'questions')`),
  ).toEqual([{ type: 'table' }])

  await using server = await startProcess(optionsOf(url))
  expect((await server.history('user_20')).body.challenges.length).toBeGreaterThan(0)
  expect(readSqlite(path, owned)).toEqual(ownedBefore)
})

test('two processes that start at once on a SQLite database of version 1.0.0 both serve', async () => {
  const { path, url } = copySqlite(short, 'two.db')
  const before = readSqlite(path, owned)
  await using servers = await startProcesses(2, optionsOf(url))
  const [first, second] = await Promise.all(servers.all.map((server) => server.history('user_20')))
  expect(first?.body.challenges.length).toBeGreaterThan(0)
  expect(second?.body).toEqual(first?.body as never)
  expect(readSqlite(path, owned)).toEqual(before)
})

test('a start on a SQLite database of version 1.0.0 waits longer for the upgrade of another process than for other locks', async () => {
  const { path, url } = copySqlite(short, 'held.db')
  using upgrading = new Database(path)
  upgrading.run('BEGIN IMMEDIATE')
  await using server = await (async () => {
    const starting = startProcess(optionsOf(url))
    // Longer than `lockTimeout`.
    await Promise.race([Bun.sleep(7000), starting])
    upgrading.run('COMMIT')
    return starting
  })()
  expect((await server.history('user_20')).status).toBe(200)
})

test.each(['terminated connection', 'killed process'])(
  'a %s during the upgrade leaves the PostgreSQL database of version 1.0.0; the next try upgrades it',
  async (fault) => {
    const name = fault.split(' ')[0] ?? ''
    await using admin = new SQL(postgres.url('postgres'), { max: 1 })
    await admin.unsafe(`CREATE DATABASE ${name} TEMPLATE old`)
    const url = postgres.url(name)
    await using client = new SQL(url, { max: 1 })
    const query = async (sql: string) => [...(await client.unsafe(sql))]
    const before = await query(sums(''))
    const ownedBefore = await query(owned)

    const { child, ended, output } = spawn(optionsOf(url))
    const upgrading = `FROM pg_stat_activity
      WHERE datname = '${name}' AND state = 'active' AND query LIKE '%INSERT INTO questions%' AND pid <> pg_backend_pid()`
    await until(async () => (await query(`SELECT pid ${upgrading}`)).length > 0, 'the upgrade', 60_000)
    if (fault === 'killed process') {
      child.kill('SIGKILL')
      await ended
      expect(output).toEqual({ stdout: '', stderr: '' })
      // The lock of a killed process lasts until its statement has ended.
      expect(await query(sums(''))).toEqual(before)
      const tables = `SELECT relname, relkind FROM pg_class WHERE relname IN ('challenges', 'questions')`
      expect(await query(tables)).toEqual([{ relname: 'challenges', relkind: 'r' }])
    } else {
      expect(await query(`SELECT pg_terminate_backend(pid) AS done ${upgrading}`)).toEqual([{ done: true }])
      await until(() => /trying again(?:.|\n)*listening on/.test(output.stdout), 'the next try', 60_000)
      child.kill('SIGTERM')
      await ended
      expect(output.stderr).toBe('')
    }

    await using server = await startProcess(optionsOf(url))
    expect((await server.history('user_20')).body.challenges.length).toBeGreaterThan(0)
    expect(await query(owned)).toEqual(ownedBefore)
  },
)

test('two processes that start at once on a PostgreSQL database of version 1.0.0 both serve', async () => {
  await using admin = new SQL(postgres.url('postgres'), { max: 1 })
  await admin.unsafe('CREATE DATABASE two TEMPLATE old')
  const url = postgres.url('two')
  await using servers = await startProcesses(2, optionsOf(url))
  const [first, second] = await Promise.all(servers.all.map((server) => server.history('user_20')))
  expect(first?.body.challenges.length).toBeGreaterThan(0)
  expect(second?.body).toEqual(first?.body as never)
})
