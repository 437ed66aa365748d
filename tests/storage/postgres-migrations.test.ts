import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { SQL } from 'bun'
import { createQuotaPolicy } from '../../src/quota.ts'
import { postgresMigrations } from '../../src/store/migrations.ts'
import { createPostgresStore } from '../../src/store/postgres/store.ts'
import { noon } from '../support/clock.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import { oldChallenge, writeOldPostgres } from '../support/version-1.ts'

setDefaultTimeout(60_000)

const policy = createQuotaPolicy({ initial: 50, daily: 10 })

let postgres: Postgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(async () => postgres[Symbol.asyncDispose]())

const open = (url: string, timeoutMs = 5000) =>
  createPostgresStore({ url, policy, connections: 2, timeoutMs, startMs: 10_000 })

test('a database of the first schema is migrated, and its pool is handed over', async () => {
  const url = await postgres.createDatabase()
  const client = new SQL(url, { max: 1 })
  const [initial] = postgresMigrations
  for (const statement of initial?.statements ?? []) await client.unsafe(statement)
  await client`CREATE SCHEMA drizzle`
  await client`CREATE TABLE drizzle.__drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint)`
  await client`INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('', ${initial?.when})`
  await client`INSERT INTO challenges (difficulty, date_created, title, options, correct_answer_id, explanation)
    VALUES ('easy', ${noon}, 'Old', '["1","2","3","4"]', 2, 'Because.')`

  const store = await open(url)
  const claim = await store.claim({
    userId: 'user_1',
    difficulty: 'easy',
    now: noon,
    supply: { from: 'pool' },
  })
  expect(claim).toMatchObject({ outcome: 'claimed', challenge: { title: 'Old', correctAnswerId: 2 } })
  const applied = await client`SELECT created_at::float8 AS at FROM drizzle.__drizzle_migrations ORDER BY id`
  expect([...applied].map(({ at }) => at)).toEqual(postgresMigrations.map(({ when }) => when))
  await store.close()
  await client.close()
})

test('the statement time-out does not apply to a start that waits for the migration of another process', async () => {
  const url = await postgres.createDatabase()
  const client = new SQL(url, { max: 1 })
  const held = Promise.withResolvers<void>()
  const migrating = client.begin(async (transaction) => {
    await transaction`SELECT pg_advisory_xact_lock(7203114)`
    held.resolve()
    await transaction`SELECT pg_sleep(1.5)`
  })
  await held.promise

  const store = await open(url, 500)
  expect(Bun.peek.status(migrating)).toBe('fulfilled')
  expect((await store.refreshQuota('user_1', noon)).remaining).toBe(50)
  await store.close()
  await migrating
  await client.close()
})

test('an upgrade waits for a transaction of version 1.0.0 and keeps what it wrote', async () => {
  const url = await postgres.createDatabase()
  await writeOldPostgres(url, [oldChallenge(1, { created_by: null })], 40)
  const client = new SQL(url, { max: 1 })
  const old = new SQL(url, { max: 1 })
  const written = Promise.withResolvers<void>()
  const upgradeWaits = Promise.withResolvers<void>()
  const writing = old.begin(async (transaction) => {
    await transaction`UPDATE challenges SET created_by = 'user_1' WHERE id = 1`
    await transaction`INSERT INTO challenges ${transaction(oldChallenge(41))}`
    written.resolve()
    await upgradeWaits.promise
  })
  await written.promise
  const opening = open(url)
  const isWaiting = async () => (await client`SELECT 1 FROM pg_locks WHERE NOT granted`).length > 0
  while (!(await isWaiting())) await Bun.sleep(10)
  upgradeWaits.resolve()
  await writing

  const store = await opening
  expect((await store.history({ userId: 'user_1', limit: 10 })).map(({ id }) => id)).toEqual([41, 1])
  expect(await store.countReady()).toEqual([])
  await store.close()
  await old.close()
  await client.close()
})
