import type { Database } from 'bun:sqlite'
import { retryWhileLocked } from './opening.ts'

/**
 * Group read: reads that arrive together share one transaction, since to take SQLite's locks costs more than to find a
 * row. It begins when all of them have arrived, so nobody is shown less than was acknowledged before they asked, by
 * whichever process (https://sqlite.org/isolation.html). `check` is run before each transaction.
 */
export function createGroupRead(file: Database, check: () => void, lockMs: number) {
  let waiting: Read[] = []
  const together = file.transaction((group: Read[]) => group.map(({ work }) => work()))

  /** Resolves with what `work` returned, which may be run more than once; rejects with what it threw. */
  function read<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve) => {
      waiting.push({ work, resolve: resolve as (value: unknown) => void })
      if (waiting.length === 1) setImmediate(run)
    })
  }

  /** The same at once, in no company. */
  function readAlone<T>(work: () => T): Promise<T> {
    return retryWhileLocked(() => {
      check()
      return work()
    }, lockMs)
  }

  function run() {
    const group = waiting
    waiting = []
    try {
      check()
      const values = together(group)
      for (const [n, { resolve }] of group.entries()) resolve(values[n])
    } catch {
      // A lock, or a read that failed: each begins anew by itself, and none fails for another.
      for (const { work, resolve } of group) resolve(readAlone(work))
    }
  }

  return { read, readAlone }
}

type Read = { work: () => unknown; resolve: (value: unknown) => void }
