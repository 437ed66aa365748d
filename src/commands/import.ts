import type { Config } from '../config.ts'
import { readFastApi } from '../import/fastapi.ts'
import { isTimeZone } from '../time-zone.ts'
import { createCommand } from './command.ts'
import { importAll, reportRefused } from './import-all.ts'
import { createProgress } from './progress.ts'
import { useStore } from './store.ts'

/** `import <database.db>` */
export const importOriginal = createCommand({
  synopsis: 'bun run import <database.db> [--timezone=Europe/Berlin] [--dry-run]',
  summary: 'Imports the challenges and quotas of a database of the original server.',
  details: `An import may be repeated: rows that were imported before, and quotas that exist here, are left alone.

--timezone  the IANA name of the time zone of dates that do not name one; this machine's unless given
--dry-run   reads and counts, and writes nothing`,
  options: { timezone: { type: 'string' }, 'dry-run': { type: 'boolean' } },
  words: [1, 1],
  run: (config, [path = ''], { timezone, 'dry-run': dryRun = false }) =>
    importFile(config, path, {
      timeZone: timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
      dryRun,
    }),
})

/** @throws Error with one sentence when the file cannot be read, or some of its rows cannot be imported. */
async function importFile(
  config: Config,
  path: string,
  { timeZone, dryRun }: { timeZone: string; dryRun: boolean },
) {
  if (!isTimeZone(timeZone))
    throw new Error('The time zone must be an IANA name such as Europe/Berlin or UTC.')

  using progress = createProgress()
  progress.show(`Reading ${path}`)
  const { refused, ...rows } = readFastApi(path, { timeZone, now: Date.now(), daily: config.quota.daily })
  progress.print(`Dates without a zone are read as ${timeZone}.\n`)
  if (dryRun) {
    progress.print(`To import: ${rows.assignments.length} challenges, ${rows.quotas.length} quotas.\n`)
  } else {
    progress.show('Opening the database')
    await useStore(config, (store) => importAll(store, rows, progress))
  }
  reportRefused(refused, progress)
}
