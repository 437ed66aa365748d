import type { Database } from 'bun:sqlite'

/**
 * Reads of one turn of the event loop share a transaction: to take SQLite's locks and give them back costs more than
 * to find a row. Every request that is served in a turn had arrived before its first read, so nobody is shown less than
 * was acknowledged to them (https://sqlite.org/isolation.html). `check` is run before
 * each transaction.
 */
export function createSharedReads(file: Database, check: () => void) {
  const begin = file.prepare('BEGIN')
  // Nothing was written, so it comes to the same as a commit, and nothing can refuse it.
  const rollback = file.prepare('ROLLBACK')
  let open = false

  return {
    /**
     * Runs one read, which may throw what SQLite throws. Not for use within a transaction. Who reads in an immediate (after
     * a write, say) must see to `end` in the same round of them: the loop looks for requests before the next one.
     */
    read<T>(work: () => T): T {
      if (!open) {
        check()
        begin.run()
        open = true
        setImmediate(end)
      }
      return work()
    },
    end,
  }

  /** Ends the transaction of this turn, if there is one: what is read after it is read anew. */
  function end() {
    if (!open) return
    open = false
    // Some errors have ended it already.
    if (file.inTransaction) rollback.run()
  }
}
