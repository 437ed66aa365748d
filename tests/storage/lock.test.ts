import { Database } from 'bun:sqlite'
import { expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { problems } from '../../src/problem.ts'
import { temporaryFolder } from '../support/folder.ts'
import { startModel } from '../support/model.ts'
import { expectUnavailable } from '../support/outage.ts'
import { runToEnd, startInFolder } from '../support/process.ts'
import { environment } from '../support/server.ts'

// Processes are started here: a busy machine takes its time.
setDefaultTimeout(20_000)

// A lock is dropped when its own process closes any other handle of the file: while one is held, nothing here reads it.

test.concurrent('a lock held longer than the time-out: 503, nothing half done, the others served meanwhile, well afterwards', async () => {
  using folder = temporaryFolder()
  await using model = startModel()
  await using server = await startInFolder(folder.path, model)
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
  expect(performance.now() - start).toBeWithin(4500, 9000)
  expect(delays.length).toBeGreaterThan(30)
  expect(Math.max(...delays)).toBeLessThan(1000)
  expect(model.calls('challenge')).toBe(1)

  locker.run('ROLLBACK')
  const { body: again } = await server.generate('user_2', 'hard', { 'idempotency-key': 'again' })
  expect((await server.deliver('user.created', 'user_4')).status).toBe(200)
  const { integrity, quotas, owned } = server.ledger()
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

test.concurrent('a lock held for a second only delays: every request is served once', async () => {
  using folder = temporaryFolder()
  await using model = startModel()
  await using server = await startInFolder(folder.path, model)
  using locker = new Database(server.path)
  locker.run('BEGIN IMMEDIATE')
  const answers = Array.from({ length: 20 }, (_, n) => server.generate(`user_${n}`))
  await Bun.sleep(1000)
  expect(server.log().filter(({ msg }) => msg === 'request')).toEqual([])
  locker.run('COMMIT')
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(20).fill(200))
  expect(server.ledger().quotas.map(({ remaining }) => remaining)).toEqual(Array(20).fill(49))
})

test.concurrent('a database that stays locked at start: one sentence within the time-out, exit 1', async () => {
  using folder = temporaryFolder()
  using locker = new Database(join(folder.path, 'challenges.db'), { create: true })
  locker.run('CREATE TABLE something (id INTEGER PRIMARY KEY)')
  locker.run('BEGIN EXCLUSIVE')
  const asked = performance.now()
  const env = environment({ DATABASE_URL: 'file:challenges.db' })
  const { exitCode, stderr } = await runToEnd({ cwd: folder.path, env })
  expect(performance.now() - asked).toBeWithin(4000, 9500)
  expect(exitCode).toBe(1)
  expect(stderr).toMatch(/^[^\n]*locked[^\n]*\n$/)
})
