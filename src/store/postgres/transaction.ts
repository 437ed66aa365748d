import type { Connections, Session } from './connections.ts'
import { assertNotExpired, TimedOut } from './deadline.ts'
import { findRootCause, isReadOnly } from './errors.ts'

/**
 * Runs `work` in a transaction, which costs one round trip to begin and one to end. Rolls back after the deadline,
 * because the client has already received 503.
 */
export async function transact<T>(
  connections: Connections,
  deadline: number,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const ended = await connections.use(deadline, async (session) => {
    const left = deadline - performance.now()
    if (left <= 0) return { error: new TimedOut() }
    await session.sql.unsafe(toBeginSql(left)).simple()
    try {
      const done = await work(session)
      assertNotExpired(deadline)
      await session.sql.unsafe('COMMIT').simple()
      return { done }
    } catch (error) {
      if (isReadOnly(findRootCause(error))) connections.renew()
      const rollback = session.sql.unsafe('ROLLBACK').simple()
      // If the rollback fails, the caller closes the connection, and the server ends the transaction.
      await rollback.catch(() => Promise.reject(error))
      return { error }
    }
  })
  if ('error' in ended) throw ended.error
  return ended.done
}

/** The longest wait for a lock, in milliseconds. */
const lockMs = 250

/**
 * Builds the BEGIN with time limits, because poolers refuse the limits as start-up parameters. The limits are shorter
 * than the deadline: the server releases the locks, and executes no COMMIT, after the client has received 503. A wait for
 * a lock ends sooner: the caller repeats the transaction, and other work gets the connection in between.
 */
function toBeginSql(milliseconds: number): string {
  const limit = Math.ceil(milliseconds * 0.9)
  return `BEGIN; SET LOCAL statement_timeout = ${limit}; SET LOCAL idle_in_transaction_session_timeout = ${limit};
    SET LOCAL lock_timeout = ${lockMs}`
}
