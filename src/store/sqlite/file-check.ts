import type { Database } from 'bun:sqlite'
import { realpathSync, statSync, truncateSync } from 'node:fs'
import { problems } from '../../problem.ts'
import { isSameFile } from '../same-file.ts'

/**
 * Creates checks of the files that `openSqliteFile` opened: the database, its `-wal` and its `-shm`. SQLite keeps writing
 * to a file that was moved, deleted or replaced, and those writes are lost; it crashes when `-shm` becomes shorter.
 */
export function createFileCheck(file: Database, path: string) {
  // SQLite names the two files after the target of a symbolic link.
  const target = realpathSync(path)
  const paths = { FILE: path, WAL: `${target}-wal`, SHM: `${target}-shm` }
  const opened = Object.entries(paths).map(([name, path]) => ({ name, path, ...identify(path) }))
  const countFrames = prepareFrameCount(file)
  const findLeast = { FILE: () => 1, WAL: countFrames, SHM: (size: number) => size }

  function findFault(): { code: string; path: string } | undefined {
    for (const known of opened) {
      const there = statSync(known.path, { throwIfNoEntry: false })
      if (!there || !isSameFile(there, known))
        return { code: `DATABASE_${known.name}_MOVED`, path: known.path }
      if (there.size < known.size) {
        const least = findLeast[known.name as keyof typeof paths](known.size)
        if (there.size < least) return { code: `DATABASE_${known.name}_TRUNCATED`, path: known.path }
      }
      known.size = there.size
    }
    return undefined
  }

  return {
    /** @throws Problem `unavailable` unless the paths lead to the files that were opened, in their full length */
    assertFiles() {
      const fault = findFault()
      if (!fault) return
      const { code, path } = fault
      throw problems.databaseUnavailable(Object.assign(new Error(`${path} has changed.`), { code }))
    },
    /**
     * If a file was truncated, empties `-shm`, so that SQLite reads again how much of `-wal` there is. Otherwise it would
     * crash while it closes, or write parts of a transaction into the database.
     */
    prepareClose() {
      const [, , shm] = opened
      if (!shm || !findFault()?.code.endsWith('_TRUNCATED')) return
      truncateSync(shm.path, 0)
      truncateSync(shm.path, shm.size)
    },
  }
}

export function readPageSize(file: Database): number {
  return file.query<{ page_size: number }, []>('PRAGMA page_size').get()?.page_size ?? 4096
}

/** Returns a function that reads how long `-wal` must be: another program's checkpoint may have emptied it. */
function prepareFrameCount(file: Database) {
  const pageSize = readPageSize(file)
  return () => {
    const { log = 0 } = file.query<{ log: number }, []>('PRAGMA wal_checkpoint(NOOP)').get() ?? {}
    // https://sqlite.org/fileformat2.html#walformat
    return log > 0 ? 32 + log * (24 + pageSize) : 0
  }
}

function identify(path: string) {
  const { ino, dev, size } = statSync(path)
  return { ino, dev, size }
}
