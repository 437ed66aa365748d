import { SQL } from 'bun'
import { problems } from '../../problem.ts'
import { pendingMigrations, postgresMigrations } from '../migrations.ts'
import { type Connections, createConnections } from './connections.ts'
import { TimedOut, withinTime } from './deadline.ts'
import { describeFailure, explain, isConflict, isPassing, PrepareConflict } from './errors.ts'

/** Which server, and how much of it. */
export type PostgresOptions = {
  url: string
  /** The most connections of this process. */
  connections: number
  /** How long a request may wait for the database, in milliseconds. */
  timeoutMs: number
}

/** Any number will do, as long as it is always the same: processes that migrate at once take turns on it. */
const migrationLock = 7_203_114

/**
 * Connects to the database and brings its schema up to date.
 * @throws Error with one sentence for the operator if the database cannot serve.
 */
export async function openPostgres({ url, connections, timeoutMs }: PostgresOptions): Promise<Connections> {
  const client = { ...readUrl(url), connectionTimeout: timeoutMs / 1000 }
  // The server's own time limit comes earlier. A path is silent if the error of that limit does not arrive either.
  const opened = createConnections({ client, size: connections, silentMs: timeoutMs * 1.25 })
  const migrating = new SQL({ ...client, max: 1 })
  try {
    await migrating.begin(migrate)
    // The migrating connection is still open and has prepared statements. A pooler in transaction mode mixes them up
    // with those of another connection: find that out now.
    await prepareOnce(opened, timeoutMs)
    return opened
  } catch (thrown) {
    await opened.close()
    const error = explain(thrown)
    if (!isPassing(error) && !(error instanceof PrepareConflict || error instanceof SQL.PostgresError))
      throw error
    throw new Error(describeFailure(error, new URL(url)), { cause: error })
  } finally {
    await migrating.close({ timeout: 0 }).catch(() => undefined)
  }
}

/** Bun's options for a URL. `?pgbouncer=true`, as Prisma has it, turns prepared statements off; no server knows it. */
export function readUrl(url: string): { url: string; prepare: boolean } {
  const flag = new URL(url).searchParams.get('pgbouncer')
  const plain = url.replace(/(?<=[?&])pgbouncer=[^&#]*&?/g, '').replace(/[?&](?=#|$)/, '')
  return { url: plain, prepare: flag !== 'true' }
}

/** @throws PrepareConflict if a pooler gives this connection what another one has prepared. */
async function prepareOnce(connections: Connections, timeoutMs: number) {
  try {
    const deadline = performance.now() + timeoutMs
    await connections.use(deadline, ({ sql }) => sql.unsafe('SELECT $1::int AS prepared', [1]))
  } catch (error) {
    // A pooler in session mode may have no second connection to spare.
    if (!(error instanceof TimedOut)) throw error
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

/**
 * Runs database work, again when PostgreSQL took it back in favour of another transaction (serialization failure,
 * deadlock: https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html).
 * @throws Problem `unavailable` when the database cannot be reached, or has not answered in time.
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
        if (!isConflict(rootOf(thrown)) || performance.now() > deadline) throw thrown
      }
    }
  }
  try {
    return await withinTime(repeat(), deadline)
  } catch (thrown) {
    // Not what Drizzle says of it, which quotes every value of the statement.
    const error = rootOf(thrown)
    if (!isConflict(error) && !isPassing(error)) throw error
    throw problems.databaseUnavailable(explain(error))
  }
}

/** Drizzle wraps what the client threw. */
function rootOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? rootOf(error.cause) : error
}
