import { dirname } from 'node:path'
import type { QuotaPolicy } from '../credits.ts'
import { makeDataFolder } from '../data-folder.ts'
import type { Topic } from '../topics.ts'
import type { ReportDamage } from './soundness.ts'
import type { Store } from './store.ts'

/** The database that a `DATABASE_URL` names. */
export type DatabaseUrl = { engine: 'sqlite'; path: string } | { engine: 'postgres'; url: string }

type Options = DatabaseUrl & {
  connections: number
  timeoutMs: number
  /** How long to try again while PostgreSQL is unreachable, in milliseconds. By default once. */
  startMs?: number
  /** Called before PostgreSQL is tried again, with one sentence for the operator. */
  onRetry?: (reason: string) => void
  /** The longest wait for the lock of a SQLite file, in milliseconds. */
  lockMs?: number
  /** The topics that the server offers: the pool serves no others. By default all. */
  topics?: readonly Topic[]
  /** Called for each damaged row that is left out. */
  onDamaged?: ReportDamage
}

/**
 * Opens the store of a database and migrates its schema.
 * @throws Error with one sentence for the operator if the database cannot be used
 */
export async function openStore(database: Options, policy: QuotaPolicy): Promise<Store> {
  // Only the engine that is used is loaded.
  if (database.engine === 'postgres') {
    const { createPostgresStore } = await import('./postgres/store.ts')
    return createPostgresStore({ ...database, policy })
  }
  const { createSqliteStore } = await import('./sqlite/store.ts')
  makeDataFolder(dirname(database.path))
  return createSqliteStore({ ...database, policy })
}
