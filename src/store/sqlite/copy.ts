import { Database } from 'bun:sqlite'
import { closeSync, fsyncSync, openSync, rmSync } from 'node:fs'
import { findPending } from './migrate.ts'
import { findOwner } from './owner.ts'

/** How long a copy waits for the lock of another process, in milliseconds. */
const lockMs = 5000

/**
 * Copies a database of this server, as it is at one moment, to a new file that only its owner can read, and checks the
 * copy. Other processes may use the database meanwhile. The copy includes the writes that are still in `-wal`, and is
 * one file. `show` is called with each step. The call blocks the process; if it fails, no file is left.
 * @throws Error with one sentence
 */
export function copyDatabase(from: string, to: string, show: (step: string) => void) {
  try {
    show(`Copying ${from}`)
    copy(from, to)
    show('Checking the copy')
    check(to)
    syncToDisk(to)
  } catch (error) {
    rmSync(to, { force: true })
    const reason = error instanceof Error ? error.message.replace(/\.$/, '') : 'unknown'
    throw new Error(`${from} cannot be copied: ${reason}.`)
  }
}

function copy(from: string, to: string) {
  closeSync(openSync(to, 'wx', 0o600))
  using source = new Database(from, { readwrite: true, create: false, strict: true })
  source.run(`PRAGMA busy_timeout = ${lockMs}`)
  if (!findOwner(source).startsWith('this server')) throw new Error('it is not a database of this server')
  source.run('VACUUM INTO ?', [to])
}

/** @throws Error for a damaged database, and for the database of a newer version */
function check(path: string) {
  using file = new Database(path, { readonly: true, strict: true })
  const [problem] = file.query<{ integrity_check: string }, []>('PRAGMA integrity_check(1)').all()
  if (problem?.integrity_check !== 'ok') throw new Error('it is damaged')
  findPending(file)
}

/** Writes a file, or the entries of a folder, to disk. */
export function syncToDisk(path: string) {
  const descriptor = openSync(path, 'r')
  fsyncSync(descriptor)
  closeSync(descriptor)
}
