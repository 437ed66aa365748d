import { afterAll, afterEach, beforeAll, beforeEach, expect, setDefaultTimeout, test } from 'bun:test'
import { SQL } from 'bun'
import { createConnections } from '../../src/store/postgres/connections.ts'
import { createPostgresStore } from '../../src/store/postgres/store.ts'
import type { Store } from '../../src/store/store.ts'
import { parallel, until } from '../support/async.ts'
import { noon } from '../support/clock.ts'
import { claimOf, policy, question } from '../support/contract.ts'
import { holdQuota, type Postgres, startPostgres } from '../support/postgres.ts'
import { startPath } from '../support/tcp-path.ts'

setDefaultTimeout(60_000)
/** The store recovers within twice this time: long enough for a busy machine. */
const timeoutMs = 1500
const connections = 4
let postgres: Postgres
let path: Awaited<ReturnType<typeof startPath>>
let store: Store
/** A connection that does not use the path. */
let direct: SQL
let directUrl: string

beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres[Symbol.asyncDispose]())
beforeEach(async () => {
  directUrl = await postgres.createDatabase()
  direct = new SQL(directUrl, { max: 1 })
  const url = new URL(directUrl)
  path = await startPath(Number(url.port))
  url.port = String(path.port)
  store = await createPostgresStore({ url: url.href, policy, connections, timeoutMs, startMs: 10_000 })
  for (let n = 0; n < 9; n++) await store.addReady(question(), noon)
  // Opens every connection of the store.
  await parallel(connections, (n) => store.openQuota(`user_${n}`, noon))
})
afterEach(async () => {
  path.thaw()
  await store.close()
  await path[Symbol.asyncDispose]()
  await direct.close()
})
const outcome = (work: Promise<unknown>) => work.then(() => 'done' as const).catch((error) => error.code)
const isWell = async () => (await outcome(store.ping())) === 'done'
const claimedBy = (user: string) =>
  direct`SELECT id FROM challenges WHERE created_by = ${user}`.then((rows: unknown[]) => rows.length)

test.each([
  ['thaws', () => path.thaw()],
  [
    'thaws for new connections only',
    () => {
      path.loseConnections()
      path.thaw()
    },
  ],
])(
  'a store whose path freezes and %s answers 503, recovers within twice the time-out, and commits no late claim',
  async (_, thaw) => {
    path.freeze()
    for (let round = 0; round < 2; round++) {
      const claims = await parallel(8, (n) => outcome(store.claim(claimOf(`user_${n % connections}`))))
      expect(claims).toEqual(Array(8).fill('unavailable'))
      expect(await outcome(store.history({ userId: 'user_0', limit: 5 }))).toBe('unavailable')
    }
    // The number of sockets stays bounded while the path is silent.
    expect(path.open()).toBeLessThanOrEqual(connections)

    thaw()
    const thawed = performance.now()
    await until(isWell, 'the store answers again', 2 * timeoutMs)
    // All requests are served, not only one that got a working connection.
    const rest = thawed + 2 * timeoutMs - performance.now()
    await until(
      async () => (await parallel(2 * connections, isWell)).every(Boolean),
      'every request is served again',
      rest,
    )
    for (let n = 0; n < connections; n++) expect(await claimedBy(`user_${n}`)).toBe(0)
    expect((await store.claim(claimOf('user_0'))).outcome).toBe('claimed')
  },
)

test('after all idle connections are lost, the first request is refused and the next ones are served', async () => {
  path.loseConnections()
  expect(await outcome(store.ping())).toBe('unavailable')
  await until(isWell, 'the store answers again', 2 * timeoutMs)
  expect(await parallel(2 * connections, () => outcome(store.ping()))).toEqual(
    Array(2 * connections).fill('done'),
  )
})

test('a connection that was idle for long is replaced: the first request afterwards is served', async () => {
  const client = { url: directUrl.replace(/:\d+\//, `:${path.port}/`) }
  const few = createConnections({ client, size: 1, silentMs: timeoutMs, idleMs: 0 })
  const ask = () =>
    few.use(performance.now() + timeoutMs, async ({ sql }) => [...(await sql.unsafe('SELECT 1 AS one'))])
  await ask()
  path.loseConnections()
  expect(await ask()).toEqual([{ one: 1 }])
  await few.close()
})

test('a COMMIT that arrives after the 503 is not executed', async () => {
  path.freezeAt('COMMIT')
  expect(await outcome(store.claim(claimOf('user_0')))).toBe('unavailable')
  const open = () => direct`SELECT 1 FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'`
  await until(async () => (await open()).length === 0, 'PostgreSQL rolls the transaction back', timeoutMs)
  path.thaw()
  await until(isWell, 'the store answers again', 2 * timeoutMs)
  expect(await claimedBy('user_0')).toBe(0)
  expect((await store.refreshQuota('user_0', noon)).remaining).toBe(3)
})

test('a row that another transaction locks closes no connection', async () => {
  const before = path.opened()
  const holder = await holdQuota(directUrl, 'user_0')
  const pings: Promise<unknown>[] = []
  const claim = outcome(store.claim(claimOf('user_0')))
  await until(() => {
    pings.push(outcome(store.ping()))
    return Bun.peek.status(claim) !== 'pending'
  }, 'the claim is refused')
  expect(await claim).toBe('unavailable')
  expect(new Set(await Promise.all(pings))).toEqual(new Set(['done']))
  await holder.release()
  expect((await store.claim(claimOf('user_0'))).outcome).toBe('claimed')
  expect(path.opened()).toBe(before)
})

test('a transaction on a working connection goes on while a silent connection is closed', async () => {
  const holder = await holdQuota(directUrl, 'user_0')
  const stuck = outcome(store.claim(claimOf('user_0')))
  await until(
    async () => (await direct`SELECT 1 FROM pg_locks WHERE NOT granted`).length > 0,
    'the claim waits for the lock',
  )
  // All open connections are lost, also the stuck one; new connections work.
  path.loseConnections()
  const results: unknown[] = []
  await until(async () => {
    results.push(await outcome(store.claim(claimOf('user_1'))))
    return Bun.peek.status(stuck) !== 'pending' && results.at(-1) === 'done'
  }, 'claims are served again')
  const firstDone = results.indexOf('done')
  expect(new Set(results.slice(firstDone))).toEqual(new Set(['done']))
  await holder.release()
  expect(await claimedBy('user_0')).toBe(0)
})
