import { Database } from 'bun:sqlite'
import { closeSync, fsyncSync, openSync } from 'node:fs'
import { findPending } from './migrate.ts'
import { findOwner } from './owner.ts'

/** How long a copy waits for the lock of another process, in milliseconds. */
const lockMs = 5000

export type CopyJob = {
  from: string
  /** A path without a file. */
  to: string
}

export type CopyMessage =
  | { state: 'copying'; bytes: number }
  | { state: 'checking' | 'done' }
  | { state: 'failed'; reason: string }

/**
 * Copies a database of this server, as it is at one moment, to a new file that only its owner can read. Other processes
 * may use the database meanwhile. The copy includes the writes that are still in `-wal`, and is one file.
 * @throws Error if the source is not such a database, or if it is damaged
 */
export function copyAndCheck({ from, to }: CopyJob, post: (message: CopyMessage) => void) {
  closeSync(openSync(to, 'wx', 0o600))
  {
    using source = new Database(from, { readwrite: true, create: false, strict: true })
    source.run(`PRAGMA busy_timeout = ${lockMs}`)
    if (!findOwner(source).startsWith('this server')) throw new Error('it is not a database of this server')
    post({ state: 'copying', bytes: countBytes(source) })
    source.run('VACUUM INTO ?', [to])
  }
  post({ state: 'checking' })
  using copy = new Database(to, { readonly: true, strict: true })
  const [problem] = copy.query<{ integrity_check: string }, []>('PRAGMA integrity_check(1)').all()
  if (problem?.integrity_check !== 'ok') throw new Error('it is damaged')
  // Throws for the database of a newer version.
  findPending(copy)
  syncToDisk(to)
}

/** The bytes of the pages in use: a copy has no free pages. */
function countBytes(file: Database): number {
  const sql = 'SELECT (page_count - freelist_count) * page_size AS bytes'
  const pragmas = 'pragma_page_count, pragma_freelist_count, pragma_page_size'
  return file.query<{ bytes: number }, []>(`${sql} FROM ${pragmas}`).get()?.bytes ?? 0
}

/** Writes a file, or the entries of a folder, to disk. */
export function syncToDisk(path: string) {
  const descriptor = openSync(path, 'r')
  fsyncSync(descriptor)
  closeSync(descriptor)
}
