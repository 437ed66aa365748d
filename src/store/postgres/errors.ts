import { SQL } from 'bun'
import { TimedOut } from './deadline.ts'

/** The SQLSTATE of an error by the server (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const stateOf = (error: unknown) => (error instanceof SQL.PostgresError ? String(error.errno ?? '') : '')

/** PostgreSQL took the transaction back in favour of another one (serialization failure, deadlock): run it again. */
export const isConflict = (error: unknown) => /^(40001|40P01)$/.test(stateOf(error))

/**
 * States that pass without a change of the server's code.
 * Classes: connection, authorization, database name, resources, locks and object states, intervention (shutdown,
 * statement time-out), system. Single states: read-only transaction, idle-in-transaction and transaction time-outs,
 * completion unknown (not run again: the transaction may be committed), prepared statement missing or duplicate.
 */
const passing = /^(08|28|3D|53|55|57|58|25006$|25P03$|25P04$|40003$|26000$|42P05$)/

/** Whether the database cannot be reached, or cannot serve at the moment. */
export function isPassing(error: unknown): boolean {
  const state = stateOf(error)
  if (error instanceof TimedOut || passing.test(state)) return true
  const code = error instanceof Error ? String((error as { code?: unknown }).code ?? '') : ''
  return state === '' && /^(ERR_POSTGRES_|E[A-Z]+$|FailedToOpen)/.test(code)
}

/** A pooler gave one connection's prepared statements to another. Its code is a sentence, because the log shows it. */
export class PrepareConflict extends Error {
  override readonly name = 'PrepareConflict'
  readonly code = 'A pooler in transaction mode: add ?pgbouncer=true to DATABASE_URL.'
}

/** The error, or a PrepareConflict if prepared statements met a pooler in transaction mode. */
export function explain(error: unknown): unknown {
  const state = stateOf(error)
  const isMismatch = state === '08P01' && /prepared statement/.test((error as Error).message)
  return isMismatch || /^(26000|42P05)$/.test(state)
    ? new PrepareConflict(undefined, { cause: error })
    : error
}

/** One sentence for the operator, with the server's own words and without the password. */
export function describeFailure(error: unknown, url: URL): string {
  if (error instanceof PrepareConflict) {
    return 'DATABASE_URL leads to a pooler in transaction mode, which mixes up prepared statements: add ?pgbouncer=true to it.'
  }
  const words = error instanceof Error ? error.message : ''
  return `PostgreSQL cannot be used with this DATABASE_URL: ${withoutPassword(reasonOf(error, words), url)}.`
}

function reasonOf(error: unknown, words: string): string {
  if (error instanceof TimedOut) return 'it does not answer in time'
  if ((error as { code?: unknown }).code === 'ERR_POSTGRES_CONNECTION_REFUSED') {
    return 'nothing answers at this host and port'
  }
  return words.replace(/\s+/g, ' ').replace(/\.$/, '')
}

function withoutPassword(text: string, { password }: URL): string {
  return [password, decodeURIComponent(password)]
    .filter(Boolean)
    .reduce((rest, secret) => rest.replaceAll(secret, '***'), text)
}
