/**
 * Opens the database `DATABASE_URL` with the store of this version, which upgrades it, and closes it. Prints the most
 * memory that the process held, in bytes; not a number where Linux does not tell.
 */
import { existsSync, readFileSync } from 'node:fs'
import { parseConfig } from '../src/config.ts'
import { createQuotaPolicy } from '../src/quota.ts'
import { openStore } from '../src/store/open.ts'

const { database, quota } = parseConfig({ DATABASE_URL: process.env.DATABASE_URL ?? '' })
const store = await openStore(database, createQuotaPolicy(quota))
await store.close()

const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : ''
process.stdout.write(String(Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024))
