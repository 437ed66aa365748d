import type { Database } from 'bun:sqlite'
import { retryWhileLocked } from './opening.ts'

/**
 * Group commit: writes that arrive together share one transaction, and so one wait for the disk, which costs more than
 * all else. Each is a savepoint of its own (https://sqlite.org/lang_savepoint.html): it happens whole or not at all,
 * and takes its turn after the others. `check` is run before each transaction.
 */
export function createGroupCommit(file: Database, check: () => void, lockMs: number) {
  let waiting: Write[] = []
  const savepoint = file.transaction((work: () => unknown) => work())
  const together = file.transaction((group: Write[]) => group.map(attempt)).immediate

  /** Resolves with what `work` returned once it is on disk; rejects with what it threw, and then it left nothing. */
  return function write<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      waiting.push({ work, resolve: resolve as (value: unknown) => void, reject })
      if (waiting.length === 1) setImmediate(commit)
    })
  }

  async function commit() {
    const group = waiting
    waiting = []
    try {
      const outcomes = await retryWhileLocked(() => {
        check()
        return together(group)
      }, lockMs)
      for (const settle of outcomes) settle()
    } catch (error) {
      for (const { reject } of group) reject(error)
    }
  }

  /** Runs one write, and gives what tells its caller about it, once all are on disk. */
  function attempt({ work, resolve, reject }: Write): () => void {
    try {
      const value = savepoint(work)
      return () => resolve(value)
    } catch (error) {
      // Some errors, a full disk among them, have taken back the whole transaction.
      if (!file.inTransaction) throw error
      return () => reject(error)
    }
  }
}

type Write = { work: () => unknown; resolve: (value: unknown) => void; reject: (error: unknown) => void }
