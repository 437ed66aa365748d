import { Database } from 'bun:sqlite'
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { SQL } from 'bun'
import { until } from '../support/async.ts'
import { temporaryFolder } from '../support/folder.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import { spawn, startProcess, startProcesses } from '../support/process.ts'
import { environment } from '../support/server.ts'
import { oldChallenge, writeOldSqlite } from '../support/version-1.ts'
import { writeManyOldPostgres, writeManyOldSqlite } from '../support/version-1-rows.ts'

setDefaultTimeout(120_000)
/** 90 MB, more than the page cache of SQLite holds, so that the upgrade writes before it commits. */
const large = { rows: 5000, length: 90 }
/** Enough for an upgrade that takes half a second on PostgreSQL. */
const rows = 12_000

/** Compares databases by the numbers of their challenges. */
const sums = (from: string) => `SELECT cast(count(*) AS text) AS count, cast(sum(id) AS text) AS ids,
  cast(sum(date_created) AS text) AS dates, cast(sum(length(title)) AS text) AS letters
  FROM challenges ${from}`
const owned = sums('WHERE created_by IS NOT NULL')

const folder = temporaryFolder()
let postgres: Postgres
beforeAll(async () => {
  postgres = await startPostgres()
  await writeManyOldPostgres(await postgres.createDatabase('old'), rows)
})
afterAll(async () => {
  await postgres[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

const optionsOf = (url: string) => ({ cwd: folder.path, env: environment({ DATABASE_URL: url }) })

function readSqlite(path: string, sql: string) {
  using file = new Database(path, { readonly: true })
  return file.query(sql).all()
}

/** Expects that two processes that start at once on this database both serve. */
async function expectTwoServe(url: string) {
  await using servers = await startProcesses(2, optionsOf(url))
  const [first, second] = await Promise.all(servers.all.map((server) => server.history('user_20')))
  expect(first?.body.challenges.length).toBeGreaterThan(0)
  expect(second?.body).toEqual(first?.body as never)
}

test('a process that is killed during the upgrade leaves the SQLite database of version 1.0.0; two processes that start at once afterwards upgrade it and serve', async () => {
  const path = join(folder.path, 'killed.db')
  const url = `file:${path}`
  writeManyOldSqlite(path, large.rows, large.length)
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

  await expectTwoServe(url)
  expect(readSqlite(path, owned)).toEqual(ownedBefore)
})

test('a start on a SQLite database of version 1.0.0 waits longer for the upgrade of another process than for other locks', async () => {
  const path = join(folder.path, 'held.db')
  writeOldSqlite(path, [oldChallenge(1)], 1)
  using upgrading = new Database(path)
  upgrading.run('BEGIN IMMEDIATE')
  await using server = await (async () => {
    const starting = startProcess(optionsOf(`file:${path}`))
    // Longer than `lockTimeout`.
    await Promise.race([Bun.sleep(6000), starting])
    upgrading.run('COMMIT')
    return starting
  })()
  expect((await server.history('user_1')).body.challenges).toHaveLength(1)
})

/** A copy of the PostgreSQL database of version 1.0.0, a way to query it, and a process that has begun its upgrade. */
async function startUpgrade(name: string) {
  await using admin = new SQL(postgres.url('postgres'), { max: 1 })
  await admin.unsafe(`CREATE DATABASE ${name} TEMPLATE old`)
  const url = postgres.url(name)
  const client = new SQL(url, { max: 1 })
  const query = async (sql: string) => [...(await client.unsafe(sql))]
  const before = await query(sums(''))
  const ownedBefore = await query(owned)

  const upgrade = spawn(optionsOf(url))
  const upgrading = `FROM pg_stat_activity
    WHERE datname = '${name}' AND state = 'active' AND query LIKE '%INSERT INTO questions%' AND pid <> pg_backend_pid()`
  await until(async () => (await query(`SELECT pid ${upgrading}`)).length > 0, 'the upgrade', 60_000)
  return {
    ...{ url, query, upgrading, before, ownedBefore, ...upgrade },
    async [Symbol.asyncDispose]() {
      upgrade.child.kill('SIGKILL')
      await upgrade.ended
      await client.close()
    },
  }
}

test('a process that is killed during the upgrade leaves the PostgreSQL database of version 1.0.0; two processes that start at once afterwards upgrade it and serve', async () => {
  await using upgrade = await startUpgrade('killed')
  const { child, ended, output, query, before, ownedBefore, url } = upgrade
  child.kill('SIGKILL')
  await ended
  expect(output).toEqual({ stdout: '', stderr: '' })
  // The lock of a killed process lasts until its statement has ended.
  expect(await query(sums(''))).toEqual(before)
  const tables = `SELECT relname, relkind FROM pg_class WHERE relname IN ('challenges', 'questions')`
  expect(await query(tables)).toEqual([{ relname: 'challenges', relkind: 'r' }])

  await expectTwoServe(url)
  expect(await query(owned)).toEqual(ownedBefore)
})

test('after a terminated connection the process tries the upgrade of the PostgreSQL database of version 1.0.0 again', async () => {
  await using upgrade = await startUpgrade('terminated')
  const { child, ended, output, query, ownedBefore, upgrading } = upgrade
  expect(await query(`SELECT pg_terminate_backend(pid) AS done ${upgrading}`)).toEqual([{ done: true }])
  await until(() => /trying again(?:.|\n)*listening on/.test(output.stdout), 'the next try', 60_000)
  child.kill('SIGTERM')
  await ended
  expect(output.stderr).toBe('')
  expect(await query(owned)).toEqual(ownedBefore)
})
