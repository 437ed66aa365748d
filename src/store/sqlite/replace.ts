import { Database, SQLiteError } from 'bun:sqlite'
import { randomInt } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { isSameFile } from '../same-file.ts'
import { copyDatabase, syncToDisk } from './copy.ts'

/**
 * Replaces the database `path` by a copy of `source`. Keeps the replaced database, and returns its new path if there
 * was one. `show` is called with each step of the copy. A process that is killed at any moment leaves the old database
 * or the new one.
 * @throws Error with one sentence; the database is then the old one
 */
export function replaceDatabase(
  path: string,
  source: string,
  show: (step: string) => void,
): string | undefined {
  const old = statSync(path, { throwIfNoEntry: false })
  if (old && isSameFile(old, statSync(source))) throw new Error(`${source} is the database itself.`)
  // SQLite names `-wal` and `-shm` after the target of a symbolic link.
  const target = old ? realpathSync(path) : path
  const fresh = `${target}.restore-${randomInt(1e9)}`
  // Refuse a database in use before the copy, which may take minutes; `exchange` checks again after it.
  lock(target)?.close()
  copyDatabase(source, fresh, show)
  try {
    if (old) giveTo(fresh, old)
    return exchange(target, fresh)
  } finally {
    rmSync(fresh, { force: true })
  }
}

/** The order matters: until the rename the old database is complete, and after it the new one is. */
function exchange(target: string, fresh: string): string | undefined {
  const folder = dirname(target)
  // A process that opens the database now waits for this lock.
  const locked = lock(target)
  try {
    const kept = existsSync(target) ? keep(target) : undefined
    // SQLite would replay a `-wal` that is left here over the new database.
    for (const end of ['-wal', '-shm', '-journal']) moveAside(target, kept, end)
    syncToDisk(folder)
    renameSync(fresh, target)
    syncToDisk(folder)
    return kept
  } finally {
    locked?.close()
  }
}

/**
 * Writes the database's `-wal` into it, removes `-wal` and `-shm`, and locks it until the result is closed. Returns
 * `undefined` if there is no database, or if it is too damaged to be opened: then its files stay as they are.
 * @throws Error if another process has the database open, even if that process is idle
 */
function lock(path: string): Database | undefined {
  if (!existsSync(path)) return undefined
  const file = new Database(path, { readwrite: true, create: false, strict: true })
  try {
    file.run('PRAGMA synchronous = FULL')
    // This statement fails while another process has the database open: each such process holds a shared lock on it.
    file.run('PRAGMA journal_mode = DELETE')
    file.run('BEGIN EXCLUSIVE')
    return file
  } catch (error) {
    file.close()
    if (!(error instanceof SQLiteError)) throw error
    if (/^SQLITE_(CORRUPT|NOTADB)/.test(error.code ?? '')) return undefined
    if (/^SQLITE_(BUSY|LOCKED)/.test(error.code ?? ''))
      throw new Error(`A server or another program uses ${path}: stop it first.`)
    throw new Error(`${path} cannot be replaced: ${error.message} (${error.code}).`, { cause: error })
  }
}

/** Gives the database a second name that is not taken. Returns that name. */
function keep(path: string): string {
  for (let n = 1; ; n++) {
    const name = `${path}.before-restore${n === 1 ? '' : `-${n}`}`
    try {
      link(path, name)
      return name
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}

/** @throws Error `EEXIST` if `name` is taken */
function link(path: string, name: string) {
  try {
    linkSync(path, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error
    // The file system has no hard links.
    copyFileSync(path, name, constants.COPYFILE_EXCL)
    syncToDisk(name)
  }
}

/** Moves a file beside a damaged database to the name that belongs to the kept database. */
function moveAside(target: string, kept: string | undefined, end: string) {
  if (!existsSync(`${target}${end}`)) return
  if (kept === undefined) rmSync(`${target}${end}`)
  else renameSync(`${target}${end}`, `${kept}${end}`)
}

/** Gives a file the mode and the owner of the database that it replaces: the server may run as another user. */
function giveTo(path: string, { mode, uid, gid }: Stats) {
  chmodSync(path, mode & 0o777)
  const own = statSync(path)
  if (own.uid !== uid || own.gid !== gid) chownSync(path, uid, gid)
}
