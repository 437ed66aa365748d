import type { Database } from 'bun:sqlite'
import { retryWhileLocked } from './opening.ts'

/**
 * Group read: concurrent reads share one transaction, because SQLite's locks cost more than the search for a row. The
 * transaction starts only after every read in the batch was issued, so each read sees all writes that any process
 * acknowledged before it (https://sqlite.org/isolation.html). `check` runs before each transaction.
 */
export function createGroupRead(file: Database, check: () => void, lockMs: number) {
  let waiting: Read[] = []
  const runBatch = file.transaction((batch: Read[]) => batch.map(({ work }) => work()))

  /** Resolves with the result of `work`, which may run more than once. Rejects if `work` throws. */
  function read<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve) => {
      waiting.push({ work, resolve: resolve as (value: unknown) => void })
      if (waiting.length === 1) setImmediate(run)
    })
  }

  /** Runs the read immediately, outside a batch. */
  function readAlone<T>(work: () => T): Promise<T> {
    return retryWhileLocked(() => {
      check()
      return work()
    }, lockMs)
  }

  function run() {
    const batch = waiting
    waiting = []
    try {
      check()
      const values = runBatch(batch)
      for (const [index, { resolve }] of batch.entries()) resolve(values[index])
    } catch {
      // The file is locked, or one read failed: repeat each read alone, so that one cannot fail the others.
      for (const { work, resolve } of batch) resolve(readAlone(work))
    }
  }

  return { read, readAlone }
}

type Read = { work: () => unknown; resolve: (value: unknown) => void }
