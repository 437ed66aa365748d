import type { Connections, Session } from './connections.ts'
import { retryConflicts } from './opening.ts'
import { createReads } from './reads.ts'
import { transact } from './transaction.ts'
import { createTurnsByKey } from './turns.ts'

type Work<T> = (session: Session) => Promise<T>

/** Creates the ways to run work. All of them repeat it after a conflict, and end it after `timeoutMs` milliseconds. */
export function createRunners(connections: Connections, timeoutMs: number) {
  const readInGroup = createReads(connections)
  const inTurn = createTurnsByKey()
  /** Runs a user's writes one after another. Otherwise a user whose quota is locked could occupy every connection. */
  const runInTurn = <T>(userId: string, work: (deadline: number) => Promise<T>) =>
    retryConflicts((deadline) => inTurn(userId, deadline, () => work(deadline)), timeoutMs)

  return {
    read: <T>(work: Work<T>) => retryConflicts((deadline) => readInGroup(deadline, work), timeoutMs),
    write: <T>(work: Work<T>) =>
      retryConflicts((deadline) => transact(connections, deadline, work), timeoutMs),
    runInTurn,
    writeInTurn: <T>(userId: string, work: Work<T>) =>
      runInTurn(userId, (deadline) => transact(connections, deadline, work)),
  }
}
