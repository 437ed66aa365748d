import type { Database } from 'bun:sqlite'
import { statfsSync, statSync } from 'node:fs'
import { problems } from '../../problem.ts'
import { readPageSize } from './file-check.ts'

/** Bytes for the writes themselves, beside the space that a checkpoint needs. */
const minFree = 256 * 1024

/**
 * Creates a function that writes the log back when the disk has no more space for it. A log that filled the whole disk
 * would stay for ever, because writing it back makes the database longer.
 */
export function createSpaceCheck(file: Database, path: string) {
  const pageSize = readPageSize(file)
  const countPages = file.query<{ page_count: number }, []>('PRAGMA page_count')

  function hasSpace(): boolean {
    const { bavail, bsize } = statfsSync(path)
    const growth = (countPages.get()?.page_count ?? 0) * pageSize - statSync(path).size
    return bavail * bsize >= growth + minFree
  }

  /** @throws Problem `unavailable` if the disk is full, and writing the log back gives no space */
  return function assertSpace() {
    if (hasSpace()) return
    file.run('PRAGMA wal_checkpoint(TRUNCATE)')
    if (hasSpace()) return
    throw problems.databaseUnavailable(
      Object.assign(new Error(`The disk of ${path} is full.`), { code: 'DATABASE_DISK_FULL' }),
    )
  }
}
