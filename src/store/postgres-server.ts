import { SQL } from 'bun'
import { unavailable } from '../problem.ts'
import { pendingMigrations, postgresMigrations } from './migrations.ts'

/** Which server, and how much of it. */
export type PostgresOptions = {
  url: string
  /** The most connections of this process. */
  connections: number
  /** How long a statement, or the wait for a connection, may take, in milliseconds. */
  timeoutMs: number
}

/** Any number will do, as long as it is always the same: processes that migrate at once take turns on it. */
const migrationLock = 7_203_114

/**
 * Connects to the database and brings its schema up to date.
 * @throws Error with one sentence for the operator if the database cannot serve.
 */
export async function openPostgres({ url, connections, timeoutMs }: PostgresOptions): Promise<SQL> {
  const client = new SQL(url, {
    max: connections,
    connectionTimeout: timeoutMs / 1000,
    // The server gives up too: a transaction whose client has turned away must not keep its locks.
    connection: { statement_timeout: timeoutMs, idle_in_transaction_session_timeout: timeoutMs },
  })
  try {
    await client.begin(migrate)
    return client
  } catch (error) {
    await client.close({ timeout: 0 }).catch(() => undefined)
    if (!isConnectionLost(error) && !isRefused(error)) throw error
    throw new Error(`PostgreSQL cannot be used: ${reasonOf(error)}.`, { cause: error })
  }
}

/** The table is Drizzle's own, so that `drizzle-kit migrate` agrees with us about what was run. */
async function migrate(transaction: SQL) {
  // To build an index of a large table takes as long as it takes, and so does waiting for who builds it.
  await transaction`SET LOCAL statement_timeout = 0`
  await transaction`SELECT pg_advisory_xact_lock(${migrationLock})`
  await transaction`CREATE SCHEMA IF NOT EXISTS drizzle`
  await transaction`CREATE TABLE IF NOT EXISTS drizzle.__drizzle_migrations
    (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint)`
  const [row] = await transaction`SELECT max(created_at) AS last FROM drizzle.__drizzle_migrations`
  const last = row.last === null ? null : Number(row.last)
  for (const { statements, hash, when } of pendingMigrations(postgresMigrations, last)) {
    for (const statement of statements) await transaction.unsafe(statement)
    await transaction`INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES (${hash}, ${when})`
  }
}

/** `inTime` throws once nobody waits for the work any more: it must then not be committed. */
type Work<T> = (inTime: () => void) => Promise<T>

/**
 * Runs database work, again when PostgreSQL took it back in favour of another transaction (serialization failure,
 * deadlock: https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html).
 * @throws Problem `unavailable` when the database cannot be reached, or has not answered in time.
 */
export async function retryConflicts<T>(work: Work<T>, timeoutMs: number): Promise<T> {
  const deadline = performance.now() + timeoutMs
  const inTime = () => {
    if (performance.now() > deadline) throw new TimedOut()
  }
  for (;;) {
    try {
      return await withinTime(work(inTime), deadline - performance.now())
    } catch (thrown) {
      const error = rootOf(thrown)
      if (isConflict(error) && performance.now() < deadline) continue
      // Not what Drizzle says of it, which quotes every value of the statement.
      if (!isConflict(error) && !isConnectionLost(error) && !isRefused(error)) throw error
      throw unavailable('The database cannot be reached right now; try again in a moment.', error)
    }
  }
}

class TimedOut extends Error {
  override readonly name = 'TimedOut'
}

function withinTime<T>(work: Promise<T>, ms: number): Promise<T> {
  // What is given up may still fail later, when nobody listens any more.
  work.catch(() => undefined)
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new TimedOut()), ms)
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer))
}

/** Drizzle wraps what the client threw. */
function rootOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? rootOf(error.cause) : error
}

/** The SQLSTATE of an error by the server (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const stateOf = (error: unknown) => (error instanceof SQL.PostgresError ? String(error.errno ?? '') : '')
const isConflict = (error: unknown) => /^(40001|40P01)$/.test(stateOf(error))
/** Connection, resources, intervention (shutting down, statement time-out), system; locks not available. */
const isRefused = (error: unknown) => /^(08|28|3D|53|55|57|58)/.test(stateOf(error))

/** Whatever kept us from talking to the server at all. */
function isConnectionLost(error: unknown): boolean {
  const code = error instanceof Error ? String((error as { code?: unknown }).code ?? '') : ''
  return (
    error instanceof TimedOut ||
    (stateOf(error) === '' && /^(ERR_POSTGRES_|E[A-Z]+$|FailedToOpen)/.test(code))
  )
}

function reasonOf(error: unknown): string {
  const state = stateOf(error)
  if (state.startsWith('28')) return 'it refuses the user or the password'
  if (state.startsWith('3D')) return 'there is no such database'
  return state ? `it answers with the error ${state}` : 'nothing answers there'
}
