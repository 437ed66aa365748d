import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { createPostgresStore } from '../../src/store/postgres/store.ts'
import { parallel, until } from '../support/async.ts'
import { noon } from '../support/clock.ts'
import { policy } from '../support/contract.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import { type LogLine, startServer } from '../support/server.ts'
import { startPath } from '../support/tcp-path.ts'

setDefaultTimeout(60_000)

let postgres: Postgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres[Symbol.asyncDispose]())

test('a start waits for a server that comes up later, and logs the reason without the password', async () => {
  const url = await postgres.createDatabase()
  await postgres.stop()
  const lines: LogLine[] = []
  const starting = startServer({ env: { DATABASE_URL: url }, lines })
  try {
    await until(() => lines.length > 0, 'the start tries again')
  } finally {
    await postgres.start()
  }
  await using server = await starting
  const tries = lines.filter(({ level }) => level === 'warn')
  expect(tries.map(({ reason }) => reason)).toContain(
    'PostgreSQL cannot be used with this DATABASE_URL: nothing answers at this host and port.',
  )
  // A try may also meet the server while it starts. No reason is repeated.
  expect(tries.length).toBeLessThanOrEqual(3)
  expect((await server.fetch('/ready')).status).toBe(200)
})

test('a start that finds no server until its time has passed fails with the reason', async () => {
  const env = { DATABASE_URL: 'postgres://u:p@127.0.0.1:1/x' }
  const began = performance.now()
  await expect(startServer({ env, timings: { databaseStartMs: 300 } })).rejects.toThrow('nothing answers')
  expect(performance.now() - began).toBeGreaterThan(300)
})

test.each([
  ['before it connects', 'thaws', undefined],
  ['at a migration', 'thaws', 'to_regnamespace'],
  ['in a migration', 'loses its connections', 'INSERT INTO drizzle'],
] as const)('a start whose path freezes %s ends well when the path %s', async (_, then, words) => {
  const url = new URL(await postgres.createDatabase())
  await using path = await startPath(Number(url.port))
  url.port = String(path.port)
  if (words) path.freezeAt(words)
  else path.freeze()
  const timeoutMs = 600
  const starting = createPostgresStore({ url: url.href, policy, connections: 2, timeoutMs, startMs: 30_000 })
  await until(() => path.isFrozen() && path.opened() > 0, 'the path is frozen')
  await Bun.sleep(1.5 * timeoutMs)
  if (then !== 'thaws') path.loseConnections()
  path.thaw()
  const store = await starting
  expect(await parallel(2, () => store.openQuota('user_1', noon))).toHaveLength(2)
  await store.close()
})
