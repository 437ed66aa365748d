import { SQL } from 'bun'
import { diskFolder } from '../tests/support/folder.ts'
import { startPostgres } from '../tests/support/postgres.ts'
import type { Result } from './comparison.ts'
import { activeUsers } from './data.ts'
import { claims, manyUsers } from './requests.ts'
import { createComparer, type Plan } from './rows.ts'
import { manyCredits, startBaseline, startServer } from './servers.ts'

const poolSize = 8_000

/** Compares the server with the bare client, each in a database of its own on one PostgreSQL server. */
export async function againstClient(plan: Plan, report: (result: Result) => void) {
  if (!plan.wants('postgres')) return
  using folder = diskFolder()
  await using server = await startPostgres({ durable: true })
  const databases = { first: await server.createDatabase(), second: await server.createDatabase() }
  // The first start of the server makes the tables, for the bare client too.
  for (const url of Object.values(databases)) {
    await using migrated = await startServer({
      log: `${folder.path}/server.log`,
      database: url,
      modelUrl: plan.model.url,
    })
    await openQuotas(url)
    migrated.megabytes()
  }
  await using first = await startServer({
    log: `${folder.path}/server.log`,
    database: databases.first,
    modelUrl: plan.model.url,
  })
  await using second = await startBaseline(folder.path, databases.second, { program: 'baseline-postgres.ts' })

  const run = createComparer(plan, folder.path, { first, second }, report)
  await run({ work: '`GET /api/quota`, PostgreSQL', requests: await manyUsers(), target: 0.75 })
  await run({
    work: '`POST /api/generate-challenge`, from the pool, PostgreSQL',
    requests: await claims(),
    prepare: (side) => fillPool(databases[side]),
    target: 0.9,
  })
}

async function openQuotas(url: string) {
  await using database = new SQL(url, { max: 1 })
  const rows = activeUsers.map((user_id) => ({
    user_id,
    quota_remaining: manyCredits,
    quota_limit: manyCredits,
    last_reset_date: Date.now(),
  }))
  await database`INSERT INTO challenge_quotas ${database(rows)}`
}

async function fillPool(url: string) {
  await using database = new SQL(url, { max: 1 })
  await database`INSERT INTO questions
    (difficulty, date_created, title, options, correct_answer_id, explanation, fingerprint, state)
    SELECT 'easy', 0, 'What does this print? ' || i, '["1","2","3","4"]', 1, 'It adds the numbers.',
      gen_random_uuid(), 'ready' FROM generate_series(1, ${poolSize} -
      (SELECT count(*)::int FROM questions WHERE difficulty = 'easy' AND state = 'ready')) AS i`
  await database`VACUUM ANALYZE questions, assignments`
}
