import { Database } from 'bun:sqlite'
import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { problems } from '../../src/problem.ts'
import { createSqliteStore } from '../../src/store/sqlite/store.ts'
import { policy } from '../support/contract.ts'
import { temporaryFolder } from '../support/folder.ts'
import { readLedger } from '../support/ledger.ts'
import { startModel } from '../support/model.ts'
import { expectUnavailable } from '../support/outage.ts'
import { until } from '../support/process.ts'
import { startServer } from '../support/server.ts'

// SQLite makes connections of one process wait for each other as those of several processes do. Only SQLite may open the
// file meanwhile: any other handle that this process closes would drop the lock.

test.concurrent('a lock held longer than the time-out: 503, nothing half done, the others served meanwhile, well afterwards', async () => {
  await using model = startModel()
  await using server = await startServer({ model, timings: { lockMs: 1000 } })
  const { body: before } = await server.generate('user_1')
  using locker = new Database(server.path)
  locker.run('BEGIN IMMEDIATE')

  const start = performance.now()
  let waiting = true
  const refused = Promise.all([
    server.generate('user_1'),
    server.generate('user_2', 'hard', { 'idempotency-key': 'again' }),
    server.quota('user_3'),
    server.deliver('user.created', 'user_4'),
    server.deliver('user.deleted', 'user_1'),
  ]).finally(() => {
    waiting = false
  })
  const delays: number[] = []
  while (waiting) {
    const asked = performance.now()
    expect((await server.fetch('/health')).status).toBe(200)
    expect((await server.history('user_1')).body.challenges).toHaveLength(1)
    delays.push(performance.now() - asked)
    await Bun.sleep(20)
  }
  const answers = await refused
  expectUnavailable(answers)
  for (const { body } of answers) expect<object>(body).toEqual(problems.databaseLocked(undefined).toJSON())
  expect(performance.now() - start).toBeWithin(800, 9000)
  expect(delays.length).toBeGreaterThan(5)
  expect(Math.max(...delays)).toBeLessThan(1000)
  expect(model.calls('challenge')).toBe(1)

  locker.run('ROLLBACK')
  const { body: again } = await server.generate('user_2', 'hard', { 'idempotency-key': 'again' })
  expect((await server.deliver('user.created', 'user_4')).status).toBe(200)
  const { integrity, quotas, owned } = readLedger(server.path)
  expect(integrity).toEqual(['ok'])
  expect(quotas.map(({ user, remaining }) => [user, remaining])).toEqual([
    ['user_1', 49],
    ['user_2', 49],
    ['user_4', 50],
  ])
  expect(owned.map(({ id, user }) => [id, user])).toEqual([
    [before.id, 'user_1'],
    [again.id, 'user_2'],
  ])
  expect((await server.deliver('user.deleted', 'user_1')).status).toBe(200)
  expect((await server.history('user_1')).body.challenges).toEqual([])
})

test.concurrent('a lock held for less than the time-out only delays: every request is served once', async () => {
  await using model = startModel()
  await using server = await startServer({ model })
  using locker = new Database(server.path)
  locker.run('BEGIN IMMEDIATE')
  const answers = Array.from({ length: 20 }, (_, n) => server.generate(`user_${n}`))
  await until(() => server.app.server?.pendingRequests === 20, 'all requests wait')
  // Longer than the longest pause between two tries.
  await Bun.sleep(200)
  expect(server.lines).toEqual([])
  locker.run('COMMIT')
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(20).fill(200))
  expect(readLedger(server.path).quotas.map(({ remaining }) => remaining)).toEqual(Array(20).fill(49))
})

test('a database that stays locked at start: one sentence within the time-out', () => {
  using folder = temporaryFolder()
  using locker = new Database(join(folder.path, 'challenges.db'), { create: true })
  locker.run('CREATE TABLE something (id INTEGER PRIMARY KEY)')
  locker.run('BEGIN EXCLUSIVE')
  const asked = performance.now()
  const path = join(folder.path, 'challenges.db')
  expect(() => createSqliteStore({ path, policy, lockMs: 300 })).toThrow(/^The database [^\n]*locked[^\n]*$/)
  expect(performance.now() - asked).toBeWithin(250, 5000)
})
