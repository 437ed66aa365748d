import { Database } from 'bun:sqlite'
import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { problems } from '../../src/problem.ts'
import { createSqliteStore } from '../../src/store/sqlite/store.ts'
import { until } from '../support/async.ts'
import { policy } from '../support/contract.ts'
import { readDatabase } from '../support/database.ts'
import { temporaryFolder } from '../support/folder.ts'
import { startModel } from '../support/model.ts'
import { expectUnavailable } from '../support/problem-details.ts'
import { type Server, startServer } from '../support/server.ts'

// SQLite locks connections of one process against each other like those of several processes. Only SQLite may open the
// file during these tests: any other handle that this process closes would drop the lock.

/** Reads the history of `user_1` and the health until `work` has ended, and returns the number of rounds. */
async function serveDuring(server: Server, work: Promise<unknown>): Promise<number> {
  let rounds = 0
  while (Bun.peek.status(work) === 'pending') {
    expect((await server.fetch('/health')).status).toBe(200)
    expect((await server.history('user_1')).body.challenges).toHaveLength(1)
    rounds++
  }
  return rounds
}

test.concurrent('writes are refused with 503 while another program holds the lock too long; reads are served', async () => {
  await using model = startModel()
  await using server = await startServer({ model, timings: { lockMs: 1000 } })
  const { body: before } = await server.generate('user_1')
  using locker = new Database(server.path)
  locker.run('BEGIN IMMEDIATE')

  const refused = Promise.all([
    server.generate('user_1'),
    server.generate('user_2', 'hard', { 'idempotency-key': 'again' }),
    server.quota('user_3'),
    server.deliver('user.created', 'user_4'),
    server.deliver('user.deleted', 'user_1'),
  ])
  // A store that waits for the lock synchronously would serve a few rounds only.
  expect(await serveDuring(server, refused)).toBeGreaterThan(15)
  const answers = await refused
  expectUnavailable(answers)
  for (const { problem } of answers) expect(problem).toEqual(problems.databaseLocked(undefined).toJSON())
  expect(model.calls('challenge')).toBe(1)

  locker.run('ROLLBACK')
  await expectWell(server, before.id)
})

/** Repeats the refused requests: a write that was refused must have left no row. */
async function expectWell(server: Server, firstId: number) {
  const { body: again } = await server.generate('user_2', 'hard', { 'idempotency-key': 'again' })
  expect((await server.deliver('user.created', 'user_4')).status).toBe(200)
  const { integrity, quotas, owned } = readDatabase(server.path)
  expect(integrity).toEqual(['ok'])
  expect(quotas.map(({ user, remaining }) => [user, remaining])).toEqual([
    ['user_1', 49],
    ['user_2', 49],
    ['user_4', 50],
  ])
  expect(owned.map(({ id, user }) => [id, user])).toEqual([
    [firstId, 'user_1'],
    [again.id, 'user_2'],
  ])
  expect((await server.deliver('user.deleted', 'user_1')).status).toBe(200)
  expect((await server.history('user_1')).body.challenges).toEqual([])
}

test.concurrent('requests wait for a lock that is released before the time-out, and each is served once', async () => {
  await using model = startModel()
  await using server = await startServer({ model })
  using locker = new Database(server.path)
  locker.run('BEGIN IMMEDIATE')
  const answers = Array.from({ length: 20 }, (_, n) => server.generate(`user_${n}`))
  await until(() => server.app.server?.pendingRequests === 20, 'all requests wait')
  // Meanwhile the pending requests try the lock again.
  for (let n = 0; n < 100; n++) expect((await server.fetch('/health')).status).toBe(200)
  expect(server.lines.filter(({ path }) => path !== '/health')).toEqual([])
  locker.run('COMMIT')
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(20).fill(200))
  expect(readDatabase(server.path).quotas.map(({ remaining }) => remaining)).toEqual(Array(20).fill(49))
})

test('a start on a locked database fails with one sentence after the time-out', () => {
  using folder = temporaryFolder()
  using locker = new Database(join(folder.path, 'challenges.db'), { create: true })
  locker.run('CREATE TABLE something (id INTEGER PRIMARY KEY)')
  locker.run('BEGIN EXCLUSIVE')
  const path = join(folder.path, 'challenges.db')
  const asked = performance.now()
  expect(() => createSqliteStore({ path, policy, lockMs: 300 })).toThrow(/^The database [^\n]*locked[^\n]*$/)
  expect(performance.now() - asked).toBeWithin(250, 5000)
})
