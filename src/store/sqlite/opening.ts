import { Database, SQLiteError } from 'bun:sqlite'
import { statfsSync, statSync } from 'node:fs'
import { withJitter } from '../../jitter.ts'
import { problems } from '../../problem.ts'
import { defaultTimings } from '../../timings.ts'
import { isSameFile } from '../same-file.ts'
import { migrate } from './migrate.ts'
import { findOwner } from './owner.ts'
import { requireSchema } from './schema-check.ts'

/** Up to this size the whole file is checked at start; that takes milliseconds. */
const maxCheckedBytes = 64 * 1024 * 1024

export type OpeningOptions = {
  /** The longest wait for the lock of another process, in milliseconds. */
  lockMs?: number | undefined
  /** Whether to migrate a database of an older version; `true` by default. A new database gets its schema anyway. */
  mayUpgrade?: boolean | undefined
}

/**
 * Opens (or creates) the database file, checks it, and brings its schema up to date.
 * @throws Error with one sentence for the operator if the file cannot serve; it is left as it was.
 */
export function openSqliteFile(path: string, { lockMs, mayUpgrade = true }: OpeningOptions = {}): Database {
  let file: Database | undefined
  const before = statSync(path, { throwIfNoEntry: false })
  if (before?.isDirectory())
    throw new Error(`The database ${path} is a folder: set DATABASE_URL to a file, which may be new.`)
  try {
    file = new Database(path, { create: true, strict: true })
    // First of all: several processes may open the file at the same moment.
    file.run(`PRAGMA busy_timeout = ${lockMs ?? defaultTimings.lockMs}`)
    checkPages(file, path)
    refuseForeign(file, path)
    file.run('PRAGMA synchronous = FULL')
    file.run('PRAGMA foreign_keys = ON')
    // Overwrite what is deleted: otherwise the comments of an erased user stay in free pages.
    file.run('PRAGMA secure_delete = ON')
    // 64 MiB at most. With the default of 2 MB, the pages of a large file are read again and again.
    file.run('PRAGMA cache_size = -65536')
    migrate(file, mayUpgrade)
    requireSchema(file, path)
    // Set WAL last, after the file is known to belong to this server.
    requireWal(file, path)
    file.run(`PRAGMA wal_autocheckpoint = ${chooseLogPages(path)}`)
    // The first read creates `-wal` and `-shm`, which `createFileCheck` needs. SQLite keeps them until the last close.
    file.run('SELECT count(*) FROM sqlite_schema')
    // `restore` may put another file in the place of the one that waits for a lock here.
    if (before && !isSameFile(before, statSync(path)))
      throw new Error(`The database ${path} was replaced while it was opened: start again.`)
    // bun:sqlite would block the whole process while it waits: from here on `retryWhileLocked` waits for locks.
    file.run('PRAGMA busy_timeout = 0')
    return file
  } catch (error) {
    file?.close(true)
    if (!(error instanceof SQLiteError)) throw error
    // On some file systems only the first read finds out.
    if (/^SQLITE_IOERR_SHM/.test(error.code ?? '')) throw new Error(toSharedMemorySentence(path))
    throw new Error(`The database ${path} cannot be used: ${error.message} (${error.code}).`, {
      cause: error,
    })
  }
}

/** @throws Error if the file system cannot share memory: then SQLite keeps another mode, without an error */
function requireWal(file: Database, path: string) {
  const mode = file.query<{ journal_mode: string }, []>('PRAGMA journal_mode = WAL').get()?.journal_mode
  if (mode === 'wal') return
  throw new Error(toSharedMemorySentence(path))
}

const toSharedMemorySentence = (path: string) =>
  `The database ${path} cannot be used: its file system has no shared memory, which SQLite needs here: use a local disk.`

/**
 * The pages of `-wal` after which SQLite writes them into the database. 10 000 pages are 40 MB; with the default of 1000,
 * a checkpoint of a large file writes scattered single pages. On a small disk the log must leave space for the database.
 */
function chooseLogPages(path: string): number {
  const { bavail, bsize } = statfsSync(path)
  return Math.max(100, Math.min(10_000, Math.floor((bavail * bsize) / (4 * 4096))))
}

function checkPages(file: Database, path: string) {
  if (statSync(path).size > maxCheckedBytes) return
  // A row with damaged content is no reason to refuse the file: the store leaves such rows out.
  file.run('PRAGMA ignore_check_constraints = ON')
  const result = file.query<{ quick_check: string }, []>('PRAGMA quick_check(1)').get()?.quick_check
  file.run('PRAGMA ignore_check_constraints = OFF')
  if (result !== 'ok') throw new Error(`The database ${path} is damaged: restore it from a backup.`)
}

function refuseForeign(file: Database, path: string) {
  const owner = findOwner(file)
  if (owner === 'FastAPI server') {
    throw new Error(
      `The database ${path} is one of the FastAPI server. To import it, set another DATABASE_URL and run: bun run import ${path}`,
    )
  }
  if (owner === 'other')
    throw new Error(`The database ${path} belongs to another program: set another DATABASE_URL.`)
}

/**
 * Runs synchronous database work; while another process holds the lock, retries for at most `lockMs` milliseconds. Other
 * requests are served between the tries.
 * @throws Problem `unavailable` when the lock outlasts its time, the disk is full, or the file cannot be used.
 */
export async function retryWhileLocked<T>(work: () => T, lockMs: number): Promise<T> {
  const deadline = performance.now() + lockMs
  for (let pause = 5; ; pause = Math.min(2 * pause, 100)) {
    try {
      return work()
    } catch (error) {
      const code = error instanceof SQLiteError ? (error.code ?? '') : ''
      if (!/^SQLITE_(BUSY|LOCKED)/.test(code)) throw toProblem(error, code)
      const wait = withJitter(pause)
      if (performance.now() + wait > deadline) {
        throw problems.databaseLocked(error)
      }
      await Bun.sleep(wait)
    }
  }
}

/** Converts errors of an unusable file to a problem; returns every other error unchanged. */
function toProblem(error: unknown, code: string): unknown {
  const unusable = /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN|CORRUPT|NOTADB|NOMEM|PERM|PROTOCOL|AUTH)/
  return unusable.test(code) ? problems.databaseUnavailable(error) : error
}
