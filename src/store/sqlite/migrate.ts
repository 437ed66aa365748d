import type { Database } from 'bun:sqlite'
import { listPending, refuseUpgrade, sqliteMigrations } from '../migrations.ts'

/** How long a start waits while another process upgrades the database, in milliseconds. A million rows take a minute. */
const upgradeTimeout = 600_000

/**
 * Brings the schema up to date in one transaction. Records migrations in Drizzle's own table, so that `drizzle-kit
 * migrate` sees them. Unless it `mayUpgrade`, creates the schema of a new database only.
 * @throws WrongVersion if it may not bring the schema up to date
 */
export function migrate(file: Database, mayUpgrade: boolean) {
  const { tables } = file
    .query<{ tables: number }, []>(
      `SELECT count(*) AS tables FROM sqlite_schema WHERE name = '__drizzle_migrations'`,
    )
    .get() ?? { tables: 0 }
  const pending = tables > 0 ? findPending(file) : []
  if (!mayUpgrade) refuseUpgrade(sqliteMigrations, pending)
  if (pending.length > 0) file.run(`PRAGMA busy_timeout = ${upgradeTimeout}`)
  file
    .transaction(() => {
      file.run(
        'CREATE TABLE IF NOT EXISTS __drizzle_migrations (id INTEGER PRIMARY KEY, hash text NOT NULL, created_at numeric)',
      )
      for (const { statements, hash, when } of findPending(file)) {
        for (const statement of statements) file.run(statement)
        file.run('INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)', [hash, when])
      }
    })
    // Lock first, then read the latest migration: of two processes, the second finds nothing to do.
    .exclusive()
}

/**
 * Lists the migrations that the database does not have yet.
 * @throws WrongVersion if a newer version of this program wrote the database
 */
export function findPending(file: Database) {
  const last = file
    .query<{ last: number | null }, []>('SELECT max(created_at) AS last FROM __drizzle_migrations')
    .get()
  return listPending(sqliteMigrations, last?.last ?? null)
}
