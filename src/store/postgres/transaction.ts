import type { Connections, Session } from './connections.ts'
import { checkTime, TimedOut } from './deadline.ts'

/**
 * Does `work` in a transaction, with one more round trip at its begin and one at its end. A transaction that is late is
 * rolled back: its client was already told 503.
 */
export async function transact<T>(
  connections: Connections,
  deadline: number,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const ended = await connections.use(deadline, async (session) => {
    const left = deadline - performance.now()
    if (left <= 0) return { error: new TimedOut() }
    await session.sql.unsafe(begin(left)).simple()
    try {
      const done = await work(session)
      checkTime(deadline)
      await session.sql.unsafe('COMMIT').simple()
      return { done }
    } catch (error) {
      const rollback = session.sql.unsafe('ROLLBACK').simple()
      // A connection that does not answer this is closed, and with it the transaction.
      await rollback.catch(() => Promise.reject(error))
      return { error }
    }
  })
  if ('error' in ended) throw ended.error
  return ended.done
}

/**
 * Begins with time limits, which poolers refuse as start-up parameters. The server gives up first: it then neither keeps
 * the locks of a client that has turned away, nor executes a COMMIT that arrives after the client was told 503.
 */
function begin(milliseconds: number): string {
  const limit = Math.ceil(milliseconds * 0.9)
  return `BEGIN; SET LOCAL statement_timeout = ${limit}; SET LOCAL idle_in_transaction_session_timeout = ${limit}`
}
