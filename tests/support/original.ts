import { Database } from 'bun:sqlite'
import { join } from 'node:path'
import { importOriginal } from '../../src/commands/import.ts'
import { runHere } from './command.ts'
import { temporaryFolder } from './folder.ts'
import { runToEnd } from './process.ts'

/** A database as the original server writes it: SQLAlchemy's tables, local dates without an offset, options in a string. */
export function createOriginal(path: string) {
  const file = new Database(path, { create: true })
  // The rows need not survive a crash: without this, each one waits for the disk.
  file.run('PRAGMA synchronous = OFF')
  file.run('PRAGMA journal_mode = MEMORY')
  file.run(`CREATE TABLE challenges (id INTEGER NOT NULL, difficulty VARCHAR NOT NULL, date_created DATETIME,
    created_by VARCHAR NOT NULL, title VARCHAR NOT NULL, options VARCHAR NOT NULL,
    correct_answer_id INTEGER NOT NULL, explanation VARCHAR NOT NULL, PRIMARY KEY (id))`)
  file.run(`CREATE TABLE challenge_quotas (id INTEGER NOT NULL, user_id VARCHAR NOT NULL,
    quota_remaining INTEGER NOT NULL, last_reset_date DATETIME, PRIMARY KEY (id), UNIQUE (user_id))`)
  return {
    addChallenge: (id: number, more: Record<string, string | number | null> = {}) => {
      const row = {
        id,
        difficulty: 'easy',
        date_created: '2025-06-23 02:19:37.966257',
        created_by: 'user_1',
        title: `Question ${id}`,
        options: '["a", "b", "c", "d"]',
        correct_answer_id: id % 4,
        explanation: 'Because.',
        ...more,
      }
      file.run('INSERT INTO challenges VALUES (?, ?, ?, ?, ?, ?, ?, ?)', Object.values(row))
    },
    addQuota: (id: number, userId: string, remaining: number, lastReset: string | null) =>
      file.run('INSERT INTO challenge_quotas VALUES (?, ?, ?, ?)', [id, userId, remaining, lastReset]),
    close: () => file.close(),
  }
}

/** A database of the original, the path of a new database, and functions that import the one into the other. */
export function prepareImport() {
  const folder = temporaryFolder()
  const original = join(folder.path, 'database.db')
  const ours = join(folder.path, 'ours.db')
  return {
    source: createOriginal(original),
    original,
    ours,
    /** Runs the import in a process. */
    importByProcess: (...options: string[]) =>
      runToEnd({
        cwd: folder.path,
        env: { DATABASE_URL: `file:${ours}` },
        args: ['import', original, ...options],
      }),
    importIt: ({ from = original, options = ['--timezone=UTC'] } = {}) =>
      runHere(importOriginal, [from, ...options], { DATABASE_URL: `file:${ours}` }),
    rows: (sql: string) => {
      using file = new Database(ours, { readonly: true })
      return file.query(sql).all() as Record<string, unknown>[]
    },
    change: (sql: string) => {
      using file = new Database(ours)
      file.run(sql)
    },
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  }
}
