import { SQL } from 'bun'
import { TimedOut } from './deadline.ts'

/** Reads an error's SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html); empty without one. */
const readState = (error: unknown) => (error instanceof SQL.PostgresError ? String(error.errno ?? '') : '')

/** Reads the code of an error of Bun's client or of the system; empty without one. */
export const readCode = (error: unknown) =>
  error instanceof Error ? String((error as { code?: unknown }).code ?? '') : ''

/** Unwraps the client's error from Drizzle's, whose message quotes every value of the statement. */
export function findRootCause(error: unknown): unknown {
  if (error instanceof NotConnected || !(error instanceof Error) || error.cause === undefined) return error
  return findRootCause(error.cause)
}

/**
 * Whether PostgreSQL rolled the transaction back for another one: serialization failure, deadlock, or a lock that was
 * not free within the `lock_timeout`.
 */
export const isConflict = (error: unknown) => /^(40001|40P01|55P03)$/.test(readState(error))

/** Whether PostgreSQL refused a write because the server or the transaction is read-only. */
export const isReadOnly = (error: unknown) => readState(error) === '25006'

/** Whether a row breaks a constraint, or is so damaged that the constraint cannot be computed (class 22). */
export const isBrokenRow = (error: unknown) => /^(23514$|22)/.test(readState(error))

/** No connection could be established. `cause` is the reason. */
export class NotConnected extends Error {
  override readonly name = 'NotConnected'
}

/** The database is read-only. */
export class ReadOnly extends Error {
  override readonly name = 'ReadOnly'
  readonly code = 'DATABASE_READ_ONLY'
}

/**
 * States with a cause outside this program.
 * Classes: connection, authorization, database name, resources, locks and object states, intervention (shutdown,
 * statement time-out), system. Single states: read-only transaction, idle-in-transaction and transaction time-outs,
 * completion unknown (not repeated: the transaction may be committed), prepared statement missing or duplicate, missing
 * privilege.
 */
const unavailableStates = /^(08|28|3D|53|55|57|58|25006$|25P03$|25P04$|40003$|26000$|42P05$|42501$)/

/** Whether the database cannot be reached, or cannot answer for the time being. */
export function isUnavailable(error: unknown): boolean {
  const state = readState(error)
  if (error instanceof TimedOut || error instanceof NotConnected || error instanceof ReadOnly) return true
  return unavailableStates.test(state) || (state === '' && /^(ERR_POSTGRES_|E[A-Z]+$)/.test(readCode(error)))
}

/**
 * Whether a start that failed with this error may succeed a moment later: the server is unreachable, starting, stopping,
 * out of connections, read-only during a failover, or a pooler has lost it.
 */
export function isPassing(error: unknown): boolean {
  const reason = error instanceof NotConnected ? error.cause : error
  if (reason instanceof TimedOut || reason instanceof ReadOnly) return true
  const isOfPoolMode = /pooling mode/.test((reason as Error).message)
  const state = readState(reason)
  if (state !== '') return /^(08|40|53|57|58|25006$|25P0[34]$)/.test(state) && !isOfPoolMode
  return /^(ERR_POSTGRES_CONNECTION_(REFUSED|CLOSED|TIMEOUT|FAILED)|E[A-Z]+$)/.test(readCode(reason))
}

/** A pooler mixed up the prepared statements of two connections. `code` is a sentence, because logs contain codes. */
export class PrepareConflict extends Error {
  override readonly name = 'PrepareConflict'
  readonly code = 'A pooler in transaction mode: add ?pgbouncer=true to DATABASE_URL.'
}

/** Converts an error of mixed-up prepared statements to a PrepareConflict; returns every other error unchanged. */
export function explain(error: unknown): unknown {
  const state = readState(error)
  const isMismatch = state === '08P01' && /prepared statement/.test((error as Error).message)
  return isMismatch || /^(26000|42P05)$/.test(state)
    ? new PrepareConflict(undefined, { cause: error })
    : error
}
