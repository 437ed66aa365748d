import type { Database } from 'bun:sqlite'
import { retryWhileLocked } from './opening.ts'

/**
 * Group commit: concurrent writes share one transaction, and so one wait for the disk, the greatest cost of a write.
 * Each write is atomic in a savepoint of its own (https://sqlite.org/lang_savepoint.html); the writes run one after
 * another. `check` runs before each transaction.
 */
export function createGroupCommit(file: Database, check: () => void, lockMs: number) {
  let waiting: Write[] = []
  const savepoint = file.transaction((work: () => unknown) => work())
  const runBatch = file.transaction((batch: Write[]) => batch.map(attempt)).immediate

  /** Resolves with the result of `work` once its changes are on disk. Rolls back and rejects if `work` throws. */
  return function write<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      waiting.push({ work, resolve: resolve as (value: unknown) => void, reject })
      if (waiting.length === 1) setImmediate(commit)
    })
  }

  async function commit() {
    const batch = waiting
    waiting = []
    try {
      const settles = await retryWhileLocked(() => {
        check()
        return runBatch(batch)
      }, lockMs)
      for (const settle of settles) settle()
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }

  /** Runs one write. Returns the function that settles its promise, to be called after the commit. */
  function attempt({ work, resolve, reject }: Write): () => void {
    try {
      const value = savepoint(work)
      return () => resolve(value)
    } catch (error) {
      // Some errors, such as a full disk, roll the whole transaction back.
      if (!file.inTransaction) throw error
      return () => reject(error)
    }
  }
}

type Write = { work: () => unknown; resolve: (value: unknown) => void; reject: (error: unknown) => void }
