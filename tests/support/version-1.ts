import { Database } from 'bun:sqlite'
import { SQL } from 'bun'
import { postgresMigrations, sqliteMigrations } from '../../src/store/migrations.ts'

/** A row of the table `challenges` of version 1.0.0. A row without `created_by` waits in the pool. */
type OldChallenge = {
  id: number
  difficulty: string
  date_created: number
  created_by: string | null
  title: string
  options: string
  correct_answer_id: number
  explanation: string
  source: string
  fingerprint: string | null
  bank_id: string | null
  idempotency_key: string | null
  import_key: string | null
}

/** By default a question of the model that belongs to `user_1`. */
export function oldChallenge(id: number, more: Partial<OldChallenge> = {}): OldChallenge {
  return {
    id,
    difficulty: 'easy',
    date_created: id * 1000,
    created_by: 'user_1',
    title: `Question ${id}: "ü" \`€\`?`,
    options: '["a","\\"b\\"","c\\\\","d"]',
    correct_answer_id: id % 4,
    explanation: 'Because.',
    source: 'ai',
    fingerprint: `fingerprint ${id}`,
    bank_id: null,
    idempotency_key: null,
    import_key: null,
    ...more,
  }
}

const oldTags = ['0000_initial', '0001_ready_by_date']
const isOld = ({ tag }: { tag: string }) => oldTags.includes(tag)
const quotas = [
  { id: 3, user_id: 'user_1', quota_remaining: 7, last_reset_date: 1_000_000, quota_limit: 10 },
  { id: 9, user_id: 'user_2', quota_remaining: 50, last_reset_date: 2_000_000, quota_limit: null },
]

/** Writes a SQLite database as version 1.0.0 does. Its next id is `lastId + 1`. */
export function writeOldSqlite(path: string, rows: OldChallenge[], lastId: number) {
  using file = new Database(path, { create: true, strict: true })
  file.run('PRAGMA journal_mode = WAL')
  file.run(
    'CREATE TABLE __drizzle_migrations (id INTEGER PRIMARY KEY, hash text NOT NULL, created_at numeric)',
  )
  for (const { statements, hash, when } of sqliteMigrations.filter(isOld)) {
    for (const statement of statements) file.run(statement)
    file.run('INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)', [hash, when])
  }
  file.transaction(() => {
    for (const [table, all] of Object.entries({ challenges: rows, challenge_quotas: quotas })) {
      const columns = Object.keys(all[0] ?? {})
      const insert = file.prepare(
        `INSERT INTO ${table} (${columns.join()}) VALUES (${columns.map((column) => `$${column}`).join()})`,
      )
      for (const row of all) insert.run(row)
    }
    file.run(`UPDATE sqlite_sequence SET seq = ${lastId} WHERE name = 'challenges'`)
  })()
}

/** Writes the same rows to an empty PostgreSQL database. */
export async function writeOldPostgres(url: string, rows: OldChallenge[], lastId: number) {
  await using client = new SQL(url, { max: 1 })
  await client`CREATE SCHEMA drizzle`
  await client`CREATE TABLE drizzle.__drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint)`
  for (const { statements, hash, when } of postgresMigrations.filter(isOld)) {
    for (const statement of statements) await client.unsafe(statement)
    await client`INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES (${hash}, ${when})`
  }
  for (const row of rows) await client`INSERT INTO challenges ${client(row)}`
  for (const row of quotas) await client`INSERT INTO challenge_quotas ${client(row)}`
  await client`SELECT setval('challenges_id_seq', ${lastId}), setval('challenge_quotas_id_seq', 9)`
}
