import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { SQL } from 'bun'
import { Problem } from '../../src/problem.ts'
import { createQuotaPolicy } from '../../src/quota.ts'
import { createPostgresStore } from '../../src/store/postgres/store.ts'
import { parallel, until } from '../support/async.ts'
import { question } from '../support/contract.ts'
import { holdQuota, type Postgres, startPostgres } from '../support/postgres.ts'
import { startTwoOn, type TwoOnPostgres } from '../support/postgres-processes.ts'

setDefaultTimeout(60_000)

let postgres: Postgres
/** Two processes for all tests, each of which has its own users and leaves the servers working. */
let servers: TwoOnPostgres
beforeAll(async () => {
  postgres = await startPostgres()
  servers = await startTwoOn(postgres, { DATABASE_TIMEOUT_MS: '1000' })
})
afterAll(async () => {
  await servers[Symbol.asyncDispose]()
  await postgres[Symbol.asyncDispose]()
})

test('while PostgreSQL is stopped requests are refused with 503, and afterwards served without a restart', async () => {
  await servers.each(0).generate('user_1')
  await postgres.stop()
  try {
    const answers = [
      await servers.each(0).generate('user_1'),
      await servers.each(1).quota('user_1'),
      await servers.each(1).history('user_1'),
      await servers.each(0).deliver('user.created', 'user_2'),
    ]
    for (const { status, headers, problem } of answers) {
      expect([status, problem?.code]).toEqual([503, 'unavailable'])
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
      expect(JSON.stringify(problem)).not.toContain('secret-password')
    }
    expect((await servers.each(1).fetch('/ready')).status).toBe(503)
    expect((await servers.each(1).fetch('/health')).status).toBe(200)
  } finally {
    await postgres.start()
  }
  for (const server of servers.all) {
    await until(
      async () => (await server.deliver('user.created', 'user_2')).status === 200,
      'the server answers again',
    )
    await until(async () => (await server.fetch('/ready')).status === 200, 'the server is ready again')
  }
  expect((await servers.each(1).quota('user_1')).body.quota_remaining).toBe(49)
  const logged = servers.all.map((server) => server.lines().join('\n')).join('\n')
  expect(logged).not.toContain('secret-password')
})

test('requests on terminated connections are served or refused with 503, and later ones are served', async () => {
  await servers.each(0).generate('cut')
  await servers.rows(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  )
  const answers = await parallel(12, (n) => servers.each(n).quota('cut'))
  for (const { status } of answers) expect([200, 503]).toContain(status)
  for (const server of servers.all) {
    await until(async () => (await server.quota('cut')).status === 200, 'the server answers again')
  }
})

test('a claim that waits too long for a locked row is refused with 503, and charges no credit', async () => {
  await servers.each(0).generate('locked')
  const holder = await holdQuota(servers.url, 'locked')
  const refused = await servers.each(1).generate('locked')
  expect([refused.status, refused.problem?.code]).toEqual([503, 'unavailable'])
  await holder.release()
  expect((await servers.each(1).quota('locked')).body.quota_remaining).toBe(49)
  expect((await servers.each(1).generate('locked')).status).toBe(200)
})

test('a claim that was refused with 503 is not committed when the lock is released', async () => {
  const url = await postgres.createDatabase()
  const policy = createQuotaPolicy({ initial: 5, daily: 5 })
  const open = (timeoutMs: number) =>
    createPostgresStore({ url, policy, connections: 1, timeoutMs, startMs: 10_000 })
  const [store, patient] = [await open(500), await open(5000)]
  for (let n = 0; n < 9; n++) await store.addReady(question(), 1)
  for (const user of ['locked', 'queued']) await store.refreshQuota(user, 1)
  const holders = [await holdQuota(url, 'locked'), await holdQuota(url, 'queued')]
  const claim = (userId: string) =>
    store.claim({ userId, difficulty: 'easy', now: 2, supply: { from: 'pool' } }).catch((error) => error)

  // The first claim waits for the row on the only connection. The others wait for the connection until their time-out.
  const outcomes = await Promise.all(['locked', 'queued', 'queued', 'queued'].map(claim))
  for (const holder of holders) await holder.release()
  await store.refreshQuota('locked', 2)

  expect(outcomes.map((outcome) => outcome instanceof Problem && outcome.code)).toEqual(
    Array(4).fill('unavailable'),
  )
  for (const user of ['locked', 'queued']) {
    expect(await patient.history({ userId: user, limit: 10 })).toEqual([])
    expect((await patient.refreshQuota(user, 2)).remaining).toBe(5)
  }
  await Promise.all([store.close(), patient.close()])
})

test('while the database is read-only writes are refused with 503; then the server recovers without a restart', async () => {
  await servers.each(0).generate('reader')
  const { pathname } = new URL(servers.url)
  await using admin = new SQL(postgres.url('postgres'), { max: 1 })
  // The setting applies to new connections only.
  await admin.unsafe(`ALTER DATABASE ${pathname.slice(1)} SET default_transaction_read_only = on`)
  await admin.unsafe(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${pathname.slice(1)}'`,
  )
  const server = servers.each(0)
  await until(async () => (await server.fetch('/ready')).status === 503, 'the server is not ready')
  const refused = await server.generate('reader')
  expect([refused.status, refused.problem?.code]).toEqual([503, 'unavailable'])
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await server.history('reader')).status).toBe(200)

  // The connections of the server stay read-only, as those to the old primary do after a failover.
  await admin.unsafe(`ALTER DATABASE ${pathname.slice(1)} RESET default_transaction_read_only`)
  await until(async () => (await server.fetch('/ready')).status === 200, 'the server is ready again')
  expect((await server.generate('reader')).status).toBe(200)
})
