import { SQL } from 'bun'
import { TimedOut } from './deadline.ts'

/** Reads an error's SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html); empty without one. */
const readState = (error: unknown) => (error instanceof SQL.PostgresError ? String(error.errno ?? '') : '')

/** Whether PostgreSQL rolled the transaction back for another one (serialization failure, deadlock). */
export const isConflict = (error: unknown) => /^(40001|40P01)$/.test(readState(error))

/**
 * States with a cause outside this program.
 * Classes: connection, authorization, database name, resources, locks and object states, intervention (shutdown,
 * statement time-out), system. Single states: read-only transaction, idle-in-transaction and transaction time-outs,
 * completion unknown (not repeated: the transaction may be committed), prepared statement missing or duplicate.
 */
const unavailableStates = /^(08|28|3D|53|55|57|58|25006$|25P03$|25P04$|40003$|26000$|42P05$)/

/** Whether the database cannot be reached, or cannot answer for the time being. */
export function isUnavailable(error: unknown): boolean {
  const state = readState(error)
  if (error instanceof TimedOut || unavailableStates.test(state)) return true
  const code = error instanceof Error ? String((error as { code?: unknown }).code ?? '') : ''
  return state === '' && /^(ERR_POSTGRES_|E[A-Z]+$|FailedToOpen)/.test(code)
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

/** Describes an error in one sentence for the operator, with the server's message and without the password. */
export function describeFailure(error: unknown, url: URL): string {
  if (error instanceof PrepareConflict) {
    return 'DATABASE_URL leads to a pooler in transaction mode, which mixes up prepared statements: add ?pgbouncer=true to it.'
  }
  return `PostgreSQL cannot be used with this DATABASE_URL: ${hidePassword(describeReason(error), url)}.`
}

function describeReason(error: unknown): string {
  if (error instanceof TimedOut) return 'it does not answer in time'
  if ((error as { code?: unknown }).code === 'ERR_POSTGRES_CONNECTION_REFUSED') {
    return 'nothing answers at this host and port'
  }
  const message = error instanceof Error ? error.message : ''
  return message.replace(/\s+/g, ' ').replace(/\.$/, '')
}

function hidePassword(text: string, { password }: URL): string {
  return [password, decodeURIComponent(password)]
    .filter(Boolean)
    .reduce((rest, secret) => rest.replaceAll(secret, '***'), text)
}
