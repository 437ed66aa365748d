/** Opens the database `DATABASE_URL` with the store of this version, which upgrades it, and closes it. */
import { parseConfig } from '../src/config.ts'
import { createQuotaPolicy } from '../src/credits.ts'
import { openStore } from '../src/store/open.ts'

const { database, quota } = parseConfig({ DATABASE_URL: process.env.DATABASE_URL ?? '' })
const store = await openStore(database, createQuotaPolicy(quota))
await store.close()
