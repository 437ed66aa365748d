import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { QuotaPolicy } from '../credits.ts'
import { createPostgresStore } from './postgres/store.ts'
import { createSqliteStore } from './sqlite/store.ts'
import type { Store } from './store.ts'

type Options = ({ engine: 'sqlite'; path: string } | { engine: 'postgres'; url: string }) & {
  /** Whether the folder of a SQLite file may be made. */
  makeFolder: boolean
  connections: number
  timeoutMs: number
}

/**
 * The store of a database, with its schema up to date. It decides with `policy`.
 * @throws Error with one sentence for the operator if the database cannot be used.
 */
export async function openStore(database: Options, policy: QuotaPolicy): Promise<Store> {
  if (database.engine === 'postgres') return createPostgresStore({ ...database, policy })
  if (database.makeFolder) mkdirSync(dirname(database.path), { recursive: true })
  return createSqliteStore({ path: database.path, policy })
}
