import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { SQL } from 'bun'
import { assertSupported } from '../../src/store/postgres/preparing.ts'
import { createPostgresStore } from '../../src/store/postgres/store.ts'
import { noon } from '../support/clock.ts'
import { claimOf, policy, question } from '../support/contract.ts'
import { examplesIn } from '../support/documents.ts'
import { temporaryFolder } from '../support/folder.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import { runToEnd } from '../support/process.ts'
import { environment } from '../support/server.ts'

setDefaultTimeout(60_000)

let postgres: Postgres
let admin: SQL
beforeAll(async () => {
  postgres = await startPostgres()
  admin = new SQL(postgres.url('postgres'), { max: 1 })
  await admin`CREATE ROLE app LOGIN PASSWORD 'secret-password'`
})
afterAll(async () => {
  await admin.close()
  await postgres[Symbol.asyncDispose]()
})

const open = (url: string) => createPostgresStore({ url, policy, connections: 2, timeoutMs: 2000 })

/** Opens a store that must be refused, and returns the sentence. */
async function refusalOf(url: string): Promise<string> {
  const store = await open(url).catch((error: Error) => error)
  if (store instanceof Error) return store.message
  await store.close()
  throw new Error('The database was accepted.')
}

const asApp = (url: string) => url.replace('//postgres:', '//app:')
async function createIn(encoding: string) {
  const name = `in_${encoding}`.toLowerCase()
  await admin.unsafe(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING '${encoding}' LOCALE 'C'`)
  return postgres.url(name)
}

test.each<[string, RegExp, () => string | Promise<string>]>([
  ['another encoding', /encoding of the database is LATIN1, not UTF8/, () => createIn('LATIN1')],
  ['no encoding', /encoding of the database is SQL_ASCII, not UTF8/, () => createIn('SQL_ASCII')],
  [
    'a role that may not create',
    /permission denied for database test_/,
    async () => asApp(await postgres.createDatabase()),
  ],
  [
    'a read-only database',
    /the database is read-only\./,
    async () => `${await postgres.createDatabase()}?default_transaction_read_only=on`,
  ],
  [
    'a wrong password',
    /password authentication failed for user "postgres"/,
    () => postgres.url('postgres').replace('secret-password', 'wrong-secret-password'),
  ],
  ['an unknown database', /database "nowhere" does not exist/, () => postgres.url('nowhere')],
  [
    'a port without server',
    /nothing answers at this host and port/,
    () => 'postgres://u:secret-password@127.0.0.1:1/x',
  ],
  [
    'an unknown host',
    /the host name nowhere\.invalid has no address/,
    () => 'postgres://u:secret-password@nowhere.invalid/x',
  ],
  [
    'an unknown parameter',
    /unrecognized configuration parameter "connection_limit"/,
    () => `${postgres.url('postgres')}?connection_limit=5`,
  ],
  ['an unknown sslmode', /'sslmode' must be one of/, () => `${postgres.url('postgres')}?sslmode=strict`],
])('%s is refused in one sentence with the reason and without the password', async (_, reason, make) => {
  const refusal = await refusalOf(await make())

  expect(refusal).toMatch(/^PostgreSQL cannot be used with this DATABASE_URL: [^\n]+\.$/)
  expect(refusal).toMatch(reason)
  expect(refusal).not.toContain('secret-password')
})

test.each([
  [{ number: 130_023, version: '13.23', encoding: 'UTF8', readOnly: 'off' }, 'it is version 13.23'],
  [
    { number: 180_000, version: '18.0', encoding: 'UTF8', readOnly: 'on', standby: true },
    'because it is a standby',
  ],
])('a server that reports %o is refused', (server, reason) => {
  expect(() => assertSupported(server)).toThrow(reason)
})

test('a process that is refused prints the sentence, and exits with 1', async () => {
  using folder = temporaryFolder()
  const env = environment({ DATABASE_URL: postgres.url('nowhere') })
  const { exitCode, stderr } = await runToEnd({ cwd: folder.path, env })
  expect([exitCode, stderr]).toEqual([
    1,
    'PostgreSQL cannot be used with this DATABASE_URL: database "nowhere" does not exist.\n',
  ])
})

test('a role that may not create uses a database that another role migrated, once it has every right', async () => {
  const url = await postgres.createDatabase()
  await (await open(url)).close()
  await using owner = new SQL(url, { max: 1 })

  expect(await refusalOf(asApp(url))).toContain('permission denied for schema drizzle')
  await owner.unsafe('GRANT USAGE ON SCHEMA drizzle TO app')
  await owner.unsafe('GRANT SELECT ON ALL TABLES IN SCHEMA drizzle, public TO app')
  const refusal = await refusalOf(asApp(url))
  const names = await owner`SELECT relname AS name FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S')`
  for (const { name } of names) expect(refusal).toMatch(new RegExp(` on (public\\.)?${name}[;.]`))
  const statements = examplesIn('docs/operations.md', 'sql').join('').trim().split(';\n')
  for (const statement of statements) await owner.unsafe(statement)

  const store = await open(asApp(url))
  await store.claim(claimOf('user_1', { supply: { from: 'model', question: question() } }))
  const [held] = await store.history({ userId: 'user_1', limit: 1 })
  const challenge = { userId: 'user_1', challengeId: held?.id ?? 0, now: noon }
  await store.answer({ ...challenge, answerId: 0 })
  await store.report({ ...challenge, reason: 'other', comment: null })
  await store.claim(claimOf('user_2', { supply: { from: 'library' } }))
  await store.eraseUser('user_1')
  await store.close()
})

test('the server is named in pg_stat_activity, by application_name of the URL or by default', async () => {
  const url = await postgres.createDatabase()
  const stores = [await open(url), await open(`${url}?application_name=quiz`)]
  const rows = await admin`SELECT DISTINCT application_name AS name FROM pg_stat_activity
    WHERE datname = ${new URL(url).pathname.slice(1)} ORDER BY 1`
  expect([...rows].map(({ name }) => name)).toEqual(['challenges', 'quiz'])
  await Promise.all(stores.map((store) => store.close()))
})

test('PGDATABASE in the environment does not replace the database of the URL', async () => {
  const url = await postgres.createDatabase()
  process.env.PGDATABASE = 'postgres'
  const store = await open(url).finally(() => delete process.env.PGDATABASE)
  await store.openQuota('user_1', noon)
  await using client = new SQL({ url, database: new URL(url).pathname.slice(1), max: 1 })
  expect(await client`SELECT user_id FROM challenge_quotas`).toHaveLength(1)
  await store.close()
})
