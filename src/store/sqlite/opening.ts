import { Database, SQLiteError } from 'bun:sqlite'
import { realpathSync, statSync } from 'node:fs'
import { withJitter } from '../../jitter.ts'
import { problems } from '../../problem.ts'
import { defaultTimings } from '../../timings.ts'
import { pendingMigrations, sqliteMigrations } from '../migrations.ts'

/** Up to this size the whole file is checked at start; that takes milliseconds. */
const checkedBytes = 64 * 1024 * 1024

/**
 * Opens (or creates) the database file, checks it, and brings its schema up to date. Waits for the lock of another
 * process for `lockMs` milliseconds at most.
 * @throws Error with one sentence for the operator if the file cannot serve; it is left as it was.
 */
export function openSqliteFile(path: string, lockMs = defaultTimings.lockMs): Database {
  let file: Database | undefined
  try {
    file = new Database(path, { create: true, strict: true })
    // First of all: several processes may open the file at the same moment.
    file.run(`PRAGMA busy_timeout = ${lockMs}`)
    checkPages(file, path)
    refuseForeign(file, path)
    file.run('PRAGMA synchronous = FULL')
    file.run('PRAGMA foreign_keys = ON')
    // In KiB, taken as it is needed: with the default of 2 MB a large file's pages are read again and again.
    file.run('PRAGMA cache_size = -65536')
    migrate(file)
    // Last of those that write: a file that turns out to be somebody else's is left as it was.
    file.run('PRAGMA journal_mode = WAL')
    // In pages, 40 MB. With the default of 1000, each index page of a large file is copied back for itself alone.
    file.run('PRAGMA wal_autocheckpoint = 10000')
    // The first read creates `-wal` and `-shm`; SQLite keeps both while this connection is open (`createPlaceCheck`).
    file.run('SELECT count(*) FROM sqlite_schema')
    // bun:sqlite is synchronous: from here on, waiting for a lock is done by `retryWhileLocked` instead.
    file.run('PRAGMA busy_timeout = 0')
    return file
  } catch (error) {
    file?.close(true)
    if (!(error instanceof SQLiteError)) throw error
    throw new Error(`The database ${path} cannot be used: ${error.message} (${error.code}).`, {
      cause: error,
    })
  }
}

function checkPages(file: Database, path: string) {
  if (statSync(path).size > checkedBytes) return
  const found = file.query<{ quick_check: string }, []>('PRAGMA quick_check(1)').get()?.quick_check
  if (found !== 'ok') throw new Error(`The database ${path} is damaged: restore it from a backup.`)
}

function refuseForeign(file: Database, path: string) {
  if (findOwner(file) !== 'other') return
  throw new Error(
    `The database ${path} is not one of this server. If the original server wrote it, set another DATABASE_URL and run: bun run import ${path}`,
  )
}

/**
 * The program that wrote a database: this one, this one in version 1.0.0, another one (perhaps the FastAPI server), or
 * none while there is no table.
 */
export function findOwner(file: Database): 'us' | 'us 1.0.0' | 'other' | 'nobody' {
  const columnsOf = (table: string) =>
    file
      .query<{ name: string }, { table: string }>('SELECT name FROM pragma_table_info($table)')
      .all({ table })
      .map(({ name }) => name)
  if (columnsOf('assignments').includes('question_id')) return 'us'
  const challenges = columnsOf('challenges')
  if (challenges.includes('import_key')) return 'us 1.0.0'
  return challenges.length === 0 ? 'nobody' : 'other'
}

/** The table is Drizzle's own, so that `drizzle-kit migrate` agrees with us about what was run. */
function migrate(file: Database) {
  file
    .transaction(() => {
      file.run(
        'CREATE TABLE IF NOT EXISTS __drizzle_migrations (id INTEGER PRIMARY KEY, hash text NOT NULL, created_at numeric)',
      )
      const last = file
        .query<{ last: number | null }, []>('SELECT max(created_at) AS last FROM __drizzle_migrations')
        .get()
      for (const { statements, hash, when } of pendingMigrations(sqliteMigrations, last?.last ?? null)) {
        for (const statement of statements) file.run(statement)
        file.run('INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)', [hash, when])
      }
    })
    // The lock comes before the look: the second of two processes finds the work done.
    .exclusive()
}

/**
 * Creates a check that the database file, its `-wal` and its `-shm` are still the files that `openSqliteFile` opened.
 * SQLite itself would go on writing into a file that was moved, deleted or replaced, and whatever it commits there is
 * lost to everybody else.
 */
export function createPlaceCheck(path: string) {
  // SQLite resolves symbolic links before it names the two files beside the database.
  const target = realpathSync(path)
  const files = { FILE: path, WAL: `${target}-wal`, SHM: `${target}-shm` }
  const opened = Object.entries(files).map(([name, place]) => ({ name, place, ...identify(place) }))

  /** @throws Problem `unavailable` */
  return function checkPlace() {
    for (const { name, place, ino, dev } of opened) {
      const there = statSync(place, { throwIfNoEntry: false })
      if (there?.ino === ino && there.dev === dev) continue
      const cause = Object.assign(new Error(`${place} has moved.`), { code: `DATABASE_${name}_MOVED` })
      throw problems.databaseUnavailable(cause)
    }
  }
}

function identify(place: string) {
  const { ino, dev } = statSync(place)
  return { ino, dev }
}

/**
 * Runs synchronous database work, again and again for `lockMs` milliseconds while another process holds the lock,
 * without stopping the other requests of this one.
 * @throws Problem `unavailable` when the lock outlasts its time, the disk is full, or the file cannot be used.
 */
export async function retryWhileLocked<T>(work: () => T, lockMs: number): Promise<T> {
  const deadline = performance.now() + lockMs
  for (let pause = 5; ; pause = Math.min(2 * pause, 100)) {
    try {
      return work()
    } catch (error) {
      const code = error instanceof SQLiteError ? (error.code ?? '') : ''
      if (!/^SQLITE_(BUSY|LOCKED)/.test(code)) throw translated(error, code)
      const wait = withJitter(pause)
      if (performance.now() + wait > deadline) {
        throw problems.databaseLocked(error)
      }
      await Bun.sleep(wait)
    }
  }
}

function translated(error: unknown, code: string): unknown {
  const unusable = /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN|CORRUPT|NOTADB|NOMEM|PERM|PROTOCOL|AUTH)/
  return unusable.test(code) ? problems.databaseUnavailable(error) : error
}
