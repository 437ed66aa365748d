import { existsSync } from 'node:fs'
import type { Config } from '../config.ts'
import { createQuotaPolicy } from '../quota.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'

/**
 * Runs `work` with the store of a database that exists, and closes the store. The store would create a missing file.
 * @throws Error with one sentence if there is no such database
 */
export async function useExistingStore<T>({ database, quota }: Config, work: (store: Store) => Promise<T>) {
  if (database.engine === 'sqlite' && !existsSync(database.path))
    throw new Error(`There is no database ${database.path}: check DATABASE_URL.`)
  const store = await openStore(database, createQuotaPolicy(quota))
  return work(store).finally(() => store.close())
}
