import type { Soundness } from '../soundness.ts'
import { retireBroken } from './broken-rows.ts'
import type { Connections, Session } from './connections.ts'
import { findRootCause, isBrokenRow } from './errors.ts'
import { retryConflicts } from './opening.ts'
import { createReads } from './reads.ts'
import { transact } from './transaction.ts'
import { createTurnsByKey } from './turns.ts'

type Work<T> = (session: Session) => Promise<T>

/**
 * Creates the ways to run work. All of them repeat it after a conflict, and end it after `timeoutMs` milliseconds.
 * Transactions that fail because a stored row breaks a constraint are repeated without that row.
 */
export function createRunners(connections: Connections, timeoutMs: number, sound: Soundness) {
  const readInGroup = createReads(connections)
  const inTurn = createTurnsByKey()
  async function transactRepaired<T>(deadline: number, work: Work<T>): Promise<T> {
    try {
      return await transact(connections, deadline, work)
    } catch (error) {
      if (!isBrokenRow(findRootCause(error))) throw error
      // Also if this retires none: a concurrent transaction may have retired them.
      await transact(connections, deadline, (session) => retireBroken(session, sound))
      return transact(connections, deadline, work)
    }
  }
  /** Runs a user's writes one after another. Otherwise a user whose quota is locked could occupy every connection. */
  const runInTurn = <T>(userId: string, work: (deadline: number) => Promise<T>) =>
    retryConflicts((deadline) => inTurn(userId, deadline, () => work(deadline)), timeoutMs)

  return {
    read: <T>(work: Work<T>) => retryConflicts((deadline) => readInGroup(deadline, work), timeoutMs),
    write: <T>(work: Work<T>) => retryConflicts((deadline) => transactRepaired(deadline, work), timeoutMs),
    runInTurn,
    transact: transactRepaired,
    writeInTurn: <T>(userId: string, work: Work<T>) =>
      runInTurn(userId, (deadline) => transactRepaired(deadline, work)),
  }
}
