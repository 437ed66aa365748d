import type { Config } from '../config.ts'
import { createQuotaPolicy } from '../quota/policy.ts'
import { openStore } from '../store/open.ts'
import { readOriginal } from '../takeover/original.ts'
import { takeOverAll } from '../takeover/take-over-all.ts'

const usage = 'Usage: bun run import <database.db> [--timezone=Europe/Berlin] [--dry-run]'

/**
 * `import <database.db>`: takes over a database of the original server, and says what became of each row. It may be
 * repeated: rows that are here already are left alone, and a user who has a quota here keeps it.
 * @throws Error with one sentence when the file cannot be read, or some of its rows cannot be taken over.
 */
export async function importOriginal(config: Config, args: string[]) {
  const [path, ...more] = args.filter((arg) => !arg.startsWith('--'))
  const options = args.filter((arg) => arg.startsWith('--'))
  const dryRun = options.includes('--dry-run')
  const [zoneOption = '', ...others] = options.filter((option) => option !== '--dry-run')
  const zone = /^--timezone=(.*)$/.exec(zoneOption)?.[1]
  if (!path || more.length > 0 || others.length > 0 || (zoneOption && zone === undefined))
    throw new Error(usage)
  const timeZone = zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  if (!isTimeZone(timeZone))
    throw new Error('The time zone must be an IANA name such as Europe/Berlin or UTC.')

  const { refused, ...rows } = readOriginal(path, { timeZone, now: Date.now(), daily: config.quota.daily })
  process.stdout.write(`Dates without a zone are read as ${timeZone}.\n`)
  if (dryRun) {
    process.stdout.write(
      `To take over: ${rows.challenges.length} challenges, ${rows.quotas.length} quotas.\n`,
    )
  } else {
    const store = await openStore(config.database, createQuotaPolicy(config.quota))
    await takeOverAll(store, rows).finally(() => store.close())
  }
  for (const row of refused) process.stdout.write(`Not taken over: ${row}.\n`)
  if (refused.length > 0) throw new Error(`${refused.length} rows cannot be taken over; the others can.`)
}

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
  } catch {
    return false
  }
}
