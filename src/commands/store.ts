import { existsSync } from 'node:fs'
import type { Config } from '../config.ts'
import { createQuotaPolicy } from '../quota.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'

type Options = Pick<Config, 'database' | 'quota'>

/**
 * Runs `work` with the store of DATABASE_URL, and closes the store. Creates a new database, but migrates no old one:
 * a running server of the older version would fail on it.
 * @throws Error with one sentence if the database cannot be used
 */
export async function useStore<T>({ database, quota }: Options, work: (store: Store) => Promise<T>) {
  const store = await openStore({ ...database, mayUpgrade: false }, createQuotaPolicy(quota))
  return work(store).finally(() => store.close())
}

/**
 * Runs `work` with the store of a database that exists, because `useStore` would create a missing file.
 * @throws Error with one sentence if there is no such database
 */
export async function useExistingStore<T>(options: Options, work: (store: Store) => Promise<T>) {
  const { database } = options
  if (database.engine === 'sqlite' && !existsSync(database.path))
    throw new Error(`There is no database ${database.path}: check DATABASE_URL.`)
  return useStore(options, work)
}
