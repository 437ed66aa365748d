import { Database, SQLiteError } from 'bun:sqlite'
import { existsSync, statSync } from 'node:fs'
import { findOwner, type Owner } from './owner.ts'

/** How long a read waits while another program locks the file, in milliseconds. */
const lockMs = 5000

/**
 * Reads a SQLite file that another program may have written. Opens the file read-only. `read` gets the writer of the file.
 * @throws Error with one sentence if there is no such file, or SQLite cannot read it
 */
export function readSqliteFile<T>(path: string, read: (file: Database, owner: Owner) => T): T {
  checkFile(path)
  try {
    using file = new Database(path, { readonly: true, create: false, strict: true })
    file.run(`PRAGMA busy_timeout = ${lockMs}`)
    return read(file, findOwner(file))
  } catch (error) {
    if (!(error instanceof SQLiteError)) throw error
    if (error.code === 'SQLITE_NOTADB') throw new Error(`${path} is not a SQLite database.`)
    throw new Error(`${path} cannot be read: ${error.message} (${error.code}).`, { cause: error })
  }
}

/** SQLite's own words for a folder are "disk I/O error", and it takes an empty file for a database without tables. */
function checkFile(path: string) {
  // `statSync` throws if a part of the path is a file.
  if (!existsSync(path)) throw new Error(`There is no file ${path}.`)
  const found = statSync(path)
  if (found.isDirectory()) throw new Error(`${path} is a folder: name the database file in it.`)
  if (!found.isFile()) throw new Error(`${path} is not a file.`)
  if (found.size === 0) throw new Error(`${path} is empty.`)
}
