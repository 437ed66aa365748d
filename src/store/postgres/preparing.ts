import { SQL } from 'bun'
import { listPending, postgresMigrations, refuseUpgrade } from '../migrations.ts'
import type { Connections } from './connections.ts'
import { TimedOut, withTimeout } from './deadline.ts'
import { ReadOnly } from './errors.ts'
import { assertPrivileges } from './privileges.ts'
import { Unusable } from './start-errors.ts'

type Options = {
  client: SQL.PostgresOrMySQLOptions
  connections: Connections
  timeoutMs: number
  mayUpgrade: boolean
}

/** An arbitrary constant. Processes that start at the same time migrate one after another by this advisory lock. */
const migrationLock = 7_203_114

/** Migrates the schema if allowed. Throws if the database cannot serve. `connections` lead to the same database. */
export async function prepareDatabase({ client, connections, timeoutMs, mayUpgrade }: Options) {
  const sql = new SQL({ ...client, max: 1 })
  const inTime = <T>(work: (transaction: SQL) => Promise<T>) =>
    withTimeout(sql.begin(work) as Promise<T>, performance.now() + timeoutMs)
  try {
    const pending = await inTime(async (transaction) => {
      assertSupported(await readServer(transaction))
      return readPending(transaction)
    })
    if (!mayUpgrade) refuseUpgrade(postgresMigrations, pending)
    if (pending.length > 0) await migrateWatched(sql, connections, timeoutMs)
    await inTime(assertPrivileges)
    // While this connection is open with prepared statements, a pooler in transaction mode shows itself: a second
    // connection that prepares a statement gets an error.
    await detectPooler(connections, timeoutMs)
  } finally {
    await sql.close({ timeout: 0 }).catch(() => undefined)
  }
}

type Server = { number: number; version: string; encoding: string; standby?: boolean; readOnly: string }

async function readServer(transaction: SQL): Promise<Server> {
  const [server] = await transaction`
    SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS version,
      current_setting('server_encoding') AS encoding, pg_is_in_recovery() AS standby,
      current_setting('transaction_read_only') AS "readOnly"`
  return server
}

/** @throws Unusable or ReadOnly if the server cannot serve the store */
export function assertSupported({ number, version, encoding, standby, readOnly }: Server) {
  if (number < 140_000) throw new Unusable(`it is version ${version}, and version 14 or newer is needed`)
  if (encoding !== 'UTF8') throw new Unusable(`the encoding of the database is ${encoding}, not UTF8`)
  if (readOnly === 'on')
    throw new ReadOnly(`the database is read-only${standby ? ', because it is a standby' : ''}`)
}

/** Reads Drizzle's own table, where `drizzle-kit migrate` sees the migrations too. */
async function readPending(transaction: SQL) {
  const [table] = await transaction`SELECT FROM pg_tables
    WHERE schemaname = 'drizzle' AND tablename = '__drizzle_migrations'`
  if (!table) return listPending(postgresMigrations, null)
  const [row] = await transaction`SELECT max(created_at) AS last FROM drizzle.__drizzle_migrations`
  return listPending(postgresMigrations, row.last === null ? null : Number(row.last))
}

/** Migrates without a time limit, but gives up when PostgreSQL has ended the work and its answer did not arrive. */
async function migrateWatched(sql: SQL, connections: Connections, timeoutMs: number) {
  let pid = 0
  const migrating = sql.begin(async (transaction) => {
    await transaction.unsafe(toLimitsSql(timeoutMs)).simple()
    const [backend] = await transaction`SELECT pg_backend_pid() AS pid`
    pid = backend.pid
    await migrate(transaction)
  })
  const isDoneBy = (deadline: number) =>
    withTimeout(migrating, deadline).then(
      () => true,
      (error) => (error instanceof TimedOut ? false : Promise.reject(error)),
    )
  // One look may come before the first answer, or between the last one and its arrival.
  for (let idleLooks = 0; idleLooks < 2; ) {
    if (await isDoneBy(performance.now() + timeoutMs / 2)) return
    idleLooks = (await isWorking(connections, pid, timeoutMs)) ? 0 : idleLooks + 1
  }
  throw new TimedOut()
}

/**
 * An index of a large table may take longer than any limit, and so may the wait for another process's migration. A
 * transaction whose client has gone must not keep its locks. Each statement must see what other processes committed
 * before it, whatever the role's default is.
 */
const toLimitsSql = (idleMs: number) => `SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;
  SET LOCAL idle_in_transaction_session_timeout = ${idleMs}`

async function migrate(transaction: SQL) {
  await transaction`SELECT pg_advisory_xact_lock(${migrationLock})`
  const [found] = await transaction`SELECT to_regnamespace('drizzle') IS NOT NULL AS "hasSchema"`
  // `IF NOT EXISTS` would need the right to create, also for a schema that exists.
  if (!found.hasSchema) await transaction`CREATE SCHEMA drizzle`
  await transaction`CREATE TABLE IF NOT EXISTS drizzle.__drizzle_migrations
    (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint)`
  for (const { statements, hash, when } of await readPending(transaction)) {
    for (const statement of statements) await transaction.unsafe(statement)
    await transaction`INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES (${hash}, ${when})`
  }
}

/** Whether a backend still works on its transaction. If no connection tells, the backend may. */
async function isWorking(connections: Connections, pid: number, timeoutMs: number): Promise<boolean> {
  try {
    return await connections.use(performance.now() + timeoutMs, async ({ sql }) => {
      const working = await sql`SELECT FROM pg_stat_activity WHERE pid = ${pid} AND state <> 'idle'`
      return working.length > 0
    })
  } catch {
    return true
  }
}

/** @throws SQL.PostgresError if a pooler mixes up the prepared statements of two connections */
async function detectPooler(connections: Connections, timeoutMs: number) {
  try {
    const deadline = performance.now() + timeoutMs
    await connections.use(deadline, ({ sql }) => sql.unsafe('SELECT $1::int AS prepared', [1]))
  } catch (error) {
    // A pooler in session mode may have no second connection free; such a pooler mixes nothing up.
    if (!(error instanceof TimedOut)) throw error
  }
}
