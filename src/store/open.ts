import { dirname } from 'node:path'
import { makeDataFolder } from '../data-folder.ts'
import type { QuotaPolicy } from '../quota.ts'
import type { createPostgresStore } from './postgres/store.ts'
import type { createSqliteStore } from './sqlite/store.ts'
import type { Store } from './store.ts'

/** The database that a `DATABASE_URL` names. */
export type DatabaseUrl = { engine: 'sqlite'; path: string } | { engine: 'postgres'; url: string }

/** The options of both engines; the policy is a parameter of its own. */
type Options = DatabaseUrl &
  Omit<
    Parameters<typeof createSqliteStore>[0] & Parameters<typeof createPostgresStore>[0],
    'path' | 'url' | 'policy'
  >

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
