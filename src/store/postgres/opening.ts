import { SQL } from 'bun'
import { problems } from '../../problem.ts'
import { listPending, postgresMigrations } from '../migrations.ts'
import { type Connections, createConnections } from './connections.ts'
import { TimedOut, withTimeout } from './deadline.ts'
import { describeFailure, explain, isConflict, isUnavailable, PrepareConflict } from './errors.ts'

export type PostgresOptions = {
  url: string
  /** The maximum number of connections of this process. */
  connections: number
  /** The maximum time that a request waits for the database, in milliseconds. */
  timeoutMs: number
}

/** An arbitrary constant. Processes that start at the same time migrate one after another by this advisory lock. */
const migrationLock = 7_203_114

/**
 * Connects to the database and migrates its schema.
 * @throws Error with one sentence for the operator if the database cannot be used
 */
export async function openPostgres({ url, connections, timeoutMs }: PostgresOptions): Promise<Connections> {
  const client = { ...readUrl(url), connectionTimeout: timeoutMs / 1000 }
  // The time limit on the server is shorter: if the error of that limit does not arrive either, the path is silent.
  const opened = createConnections({ client, size: connections, silentMs: timeoutMs * 1.25 })
  const migrating = new SQL({ ...client, max: 1 })
  try {
    await migrating.begin(migrate)
    // While the migrating connection is open with prepared statements, a pooler in transaction mode shows itself: a
    // second connection that prepares a statement gets an error.
    await detectPooler(opened, timeoutMs)
    return opened
  } catch (thrown) {
    await opened.close()
    const error = explain(thrown)
    if (!isUnavailable(error) && !(error instanceof PrepareConflict || error instanceof SQL.PostgresError))
      throw error
    throw new Error(describeFailure(error, new URL(url)), { cause: error })
  } finally {
    await migrating.close({ timeout: 0 }).catch(() => undefined)
  }
}

/**
 * Converts a URL to Bun's options. `?pgbouncer=true` (Prisma's convention) turns prepared statements off; the parameter
 * is removed, because PostgreSQL would refuse it.
 */
export function readUrl(url: string): { url: string; prepare: boolean } {
  const flag = new URL(url).searchParams.get('pgbouncer')
  const plain = url.replace(/(?<=[?&])pgbouncer=[^&#]*&?/g, '').replace(/[?&](?=#|$)/, '')
  return { url: plain, prepare: flag !== 'true' }
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

/** Records migrations in Drizzle's own table, so that `drizzle-kit migrate` sees them. */
async function migrate(transaction: SQL) {
  // Each statement must see what other processes committed before it, whatever the role's default is.
  await transaction`SET TRANSACTION ISOLATION LEVEL READ COMMITTED`
  // An index of a large table may take longer than the limit, and so may the wait for another process's migration.
  await transaction`SET LOCAL statement_timeout = 0`
  await transaction`SELECT pg_advisory_xact_lock(${migrationLock})`
  await transaction`CREATE SCHEMA IF NOT EXISTS drizzle`
  await transaction`CREATE TABLE IF NOT EXISTS drizzle.__drizzle_migrations
    (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint)`
  const [row] = await transaction`SELECT max(created_at) AS last FROM drizzle.__drizzle_migrations`
  const last = row.last === null ? null : Number(row.last)
  for (const { statements, hash, when } of listPending(postgresMigrations, last)) {
    for (const statement of statements) await transaction.unsafe(statement)
    await transaction`INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES (${hash}, ${when})`
  }
}

/**
 * Runs database work, and repeats it after a serialization failure or a deadlock
 * (https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html).
 * @throws Problem `unavailable` if the database cannot be reached or does not answer in time
 */
export async function retryConflicts<T>(
  work: (deadline: number) => Promise<T>,
  timeoutMs: number,
): Promise<T> {
  const deadline = performance.now() + timeoutMs
  const repeat = async (): Promise<T> => {
    for (;;) {
      try {
        return await work(deadline)
      } catch (thrown) {
        if (!isConflict(findRootCause(thrown)) || performance.now() > deadline) throw thrown
      }
    }
  }
  try {
    return await withTimeout(repeat(), deadline)
  } catch (thrown) {
    // Unwrap the client's error: Drizzle's message quotes every value of the statement.
    const error = findRootCause(thrown)
    if (!isConflict(error) && !isUnavailable(error)) throw error
    throw problems.databaseUnavailable(explain(error))
  }
}

/** Unwraps the client's error from Drizzle's. */
function findRootCause(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? findRootCause(error.cause) : error
}
