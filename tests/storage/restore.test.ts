import { expect, setDefaultTimeout, test } from 'bun:test'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { backup } from '../../src/commands/backup.ts'
import { restore } from '../../src/commands/restore.ts'
import { readDatabase } from '../support/database.ts'
import { filesIn, temporaryFolder } from '../support/folder.ts'
import { startModel } from '../support/model.ts'
import { startInFolder } from '../support/process.ts'
import { dumpOf, type Folder, killRestore, makeDatabase, ownedIn, pathsIn, run } from '../support/restore.ts'
import { startServer } from '../support/server.ts'
import { oldChallenge, writeOldSqlite } from '../support/version-1.ts'

setDefaultTimeout(60_000)

const prepare = await makeDatabase()

/** Expects that a server starts on the database and serves these challenges of `user_1`. */
async function expectServed(folder: Folder, ids: number[]) {
  await using server = await startServer({ env: { DATABASE_URL: `file:${pathsIn(folder).path}` } })
  expect((await server.history('user_1')).body.challenges.map(({ id }) => id)).toEqual(ids)
  expect((await server.generate('user_1')).status).toBe(200)
}

test('a restore replaces the database of a killed server, and keeps it with the writes of its -wal', async () => {
  using folder = temporaryFolder()
  const { old, saved } = prepare(folder)
  const { path, copy, kept } = pathsIn(folder)
  chmodSync(path, 0o640)
  const names = readdirSync(folder.path)

  const { stdout, failure } = await run(restore, folder, copy)

  expect(failure).toBeUndefined()
  expect(stdout).toBe(`${path} is restored from ${copy}.\nThe replaced database is kept as ${kept}.\n`)
  expect(readdirSync(join(folder.path, 'data')).sort()).toEqual([
    'challenges.db',
    'challenges.db.before-restore',
  ])
  expect(readdirSync(folder.path)).toEqual(names)
  expect((statSync(path).mode & 0o777).toString(8)).toBe('640')
  expect(ownedIn(kept)).toEqual(old)
  expect(readDatabase(path)).toMatchObject({ integrity: ['ok'] })
  expect(ownedIn(path)).toEqual(saved)
  await expectServed(folder, saved)

  // A second restore keeps both, also beside an interrupted one. In a container each process may have the same id.
  writeFileSync(`${path}.restore-${process.pid}`, 'incomplete')
  expect((await run(restore, folder, kept)).stdout).toContain(`${kept}-2.\n`)
  expect(ownedIn(path)).toEqual(old)
  expect(ownedIn(kept)).toEqual(old)
  expect(ownedIn(`${kept}-2`).length).toBe(saved.length + 1)
})

test('a restore is refused while a server has the database open, even an idle one', async () => {
  using folder = temporaryFolder()
  const { old, saved } = prepare(folder)
  const { path, copy } = pathsIn(folder)
  await using model = startModel()
  const server = await startInFolder(folder.path, model)
  const before = filesIn(folder.path)

  const { failure } = await run(restore, folder, copy)

  expect(failure).toBe(`A server or another program uses ${path}: stop it first.`)
  expect(filesIn(folder.path)).toEqual(before)
  expect((await server.generate('user_1')).status).toBe(200)
  server.kill('SIGTERM')
  await server.ended
  expect(ownedIn(path)).toHaveLength(old.length + 1)
  expect((await run(restore, folder, copy)).failure).toBeUndefined()
  expect(ownedIn(path)).toEqual(saved)
})

test('a stale -wal and -shm beside a missing or damaged database do not reach the restored one', async () => {
  const harms = [
    (path: string) => rmSync(path),
    (path: string) => writeFileSync(path, 'x'.repeat(9000)),
    (path: string) => ['', '-wal'].map((end) => writeFileSync(`${path}${end}`, 'x'.repeat(9000))),
  ]
  for (const harm of harms) {
    using folder = temporaryFolder()
    const { saved } = prepare(folder)
    const { path, copy, kept } = pathsIn(folder)
    harm(path)
    const isThere = existsSync(path)

    expect((await run(restore, folder, copy)).failure).toBeUndefined()

    expect(existsSync(`${path}-wal`)).toBe(false)
    expect(existsSync(kept)).toBe(isThere)
    await expectServed(folder, saved)
  }
})

test('a database behind a symbolic link is restored where it is', async () => {
  using folder = temporaryFolder()
  const { saved } = prepare(folder)
  const { path, copy } = pathsIn(folder)
  const real = join(folder.path, 'real.db')
  for (const end of ['', '-wal']) renameSync(`${path}${end}`, `${real}${end}`)
  symlinkSync(real, path)

  expect((await run(restore, folder, copy)).failure).toBeUndefined()

  expect(ownedIn(real)).toEqual(saved)
  expect(existsSync(`${real}.before-restore`)).toBe(true)
})

test('a database of version 1.0.0 is backed up as it is, and restored as it was after an upgrade', async () => {
  using folder = temporaryFolder()
  mkdirSync(join(folder.path, 'data'))
  const { path, copy } = pathsIn(folder)
  writeOldSqlite(path, [oldChallenge(1), oldChallenge(2)], 2)
  const old = dumpOf(path)

  expect((await run(backup, folder, copy)).failure).toBeUndefined()
  await expectServed(folder, [2, 1])
  expect(dumpOf(path)).not.toEqual(old)
  expect((await run(restore, folder, copy)).failure).toBeUndefined()

  expect(dumpOf(path)).toEqual(old)
  await expectServed(folder, [2, 1])
})

test('a restore that is killed at any moment leaves the old database or the new one', async () => {
  const seen = new Set<string>()
  for (const n of [2, 3, 4, 5, Number.POSITIVE_INFINITY]) {
    using folder = temporaryFolder()
    const { old, saved } = prepare(folder)
    await killRestore(folder, n)

    const { integrity, owned } = readDatabase(pathsIn(folder).path)
    const ids = owned.map(({ id }) => id)
    expect(integrity).toEqual(['ok'])
    expect([JSON.stringify(old), JSON.stringify(saved)]).toContain(JSON.stringify(ids))
    seen.add(JSON.stringify(ids))
  }
  expect(seen.size).toBe(2)
})
