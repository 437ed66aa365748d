/**
 * `bun bench/upgrade.ts [rows]` writes a database of version 1.0.0 with that many challenges (1 000 000 by default) on
 * each engine, opens it with the store of this version, and compares every challenge before and after. Prints a table in
 * Markdown.
 */
import { until } from '../tests/support/async.ts'
import { type OldDatabase, prepareOldPostgres, prepareOldSqlite } from './old-databases.ts'

const rows = Number(process.argv[2] ?? 1_000_000)
const heading = [
  '',
  'seconds',
  'peak memory',
  'disk before',
  'disk at its peak',
  'disk after',
  'challenges kept',
]
const columns =
  'id, difficulty, date_created, created_by, title, options, correct_answer_id, explanation, source'

printLine(heading)
printLine(heading.map((_, n) => (n === 0 ? '---' : '---:')))
for (const [name, prepare] of Object.entries({ SQLite: prepareOldSqlite, PostgreSQL: prepareOldPostgres })) {
  await using database = await prepare(rows)
  const before = { ...(await digest(database)), bytes: await database.bytes() }
  const { seconds, memory, peak } = await upgrade(database)
  const after = { ...(await digest(database)), bytes: await database.bytes() }
  if (after.hash !== before.hash) throw new Error(`${name}: the challenges differ after the upgrade.`)
  const sizes = [memory, before.bytes, peak, after.bytes].map((bytes) => `${Math.round(bytes / 1e6)} MB`)
  printLine([name, seconds.toFixed(1), ...sizes, after.count.toLocaleString('en')])
}

function printLine(cells: string[]) {
  process.stdout.write(`| ${cells.join(' | ')} |\n`)
}

/** Upgrades a database in a process of its own. `memory` is the most that this process held, in bytes. */
async function upgrade({ url, bytes }: OldDatabase) {
  const begin = performance.now()
  const child = Bun.spawn([process.execPath, `${import.meta.dir}/upgrade-open.ts`], {
    env: { DATABASE_URL: url },
    stderr: 'inherit',
  })
  let peak = 0
  const ended = async () => {
    peak = Math.max(peak, await bytes())
    return child.exitCode !== null
  }
  await until(ended, 'the end of the upgrade', 3_600_000)
  if (child.exitCode !== 0) throw new Error(`The upgrade ended with ${child.exitCode}.`)
  const memory = Number(await new Response(child.stdout).text())
  return { seconds: (performance.now() - begin) / 1000, memory, peak }
}

/** The number of all assigned challenges, and a hash of their columns in the order of their ids. */
async function digest({ query }: OldDatabase) {
  const hasher = new Bun.CryptoHasher('sha256')
  let count = 0
  for (let last = 0; ; ) {
    const page = await query(
      `SELECT ${columns} FROM challenges WHERE created_by IS NOT NULL AND id > ${last} ORDER BY id LIMIT 10000`,
    )
    if (page.length === 0) return { count, hash: hasher.digest('hex') }
    for (const row of page) hasher.update(JSON.stringify(row))
    last = Number(page.at(-1)?.id)
    count += page.length
  }
}
