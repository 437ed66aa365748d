/**
 * `bun bench/storage.ts`: how much storage a question, an answered challenge and a quota take, with their indexes, on both
 * engines. The texts are those of the bank. Prints a table in Markdown, in bytes.
 */
import { Database } from 'bun:sqlite'
import { join } from 'node:path'
import { SQL } from 'bun'
import { createBank, readBank } from '../src/authoring/bank.ts'
import type { Question } from '../src/question.ts'
import { createQuotaPolicy } from '../src/quota.ts'
import { createPostgresStore } from '../src/store/postgres/store.ts'
import { createSqliteStore } from '../src/store/sqlite/store.ts'
import type { Store } from '../src/store/store.ts'
import { topicIds } from '../src/topics.ts'
import { diskFolder } from '../tests/support/folder.ts'
import { startPostgres } from '../tests/support/postgres.ts'

const questions = 10_000
const users = 500
const parallel = 10
const tables = ['questions', 'assignments', 'challenge_quotas'] as const
const policy = createQuotaPolicy({ initial: 1000, daily: 10 })

const bank = Object.values(createBank(await readBank(), topicIds)).flat()
/** A question by the model with a text of the bank. */
const question = (n: number): Question => ({
  ...(bank[n % bank.length] as Question),
  source: 'ai',
  bankId: null,
  fingerprint: new Bun.CryptoHasher('sha256').update(String(n)).digest('hex'),
})
/** As long as an id of Clerk. */
const user = (n: number) => `user_${String(n % users).padStart(27, '0')}`

/** Has each user get and answer as many questions as the others. */
async function fill(store: Store) {
  const numbers = Array.from({ length: questions }, (_, n) => n).values()
  const worker = async () => {
    for (const n of numbers) {
      const now = Date.now()
      const asked = question(n)
      const claim = { userId: user(n), difficulty: asked.difficulty, now }
      const claimed = await store.claim({ ...claim, supply: { from: 'model', question: asked } })
      if (claimed.outcome !== 'claimed') throw new Error(`A claim ended as ${claimed.outcome}.`)
      await store.answer({ userId: user(n), challengeId: claimed.challenge.id, answerId: n % 4, now })
    }
  }
  await Promise.all(Array.from({ length: parallel }, worker))
}

async function measureSqlite(): Promise<number[]> {
  using folder = diskFolder()
  const path = join(folder.path, 'storage.db')
  const store = createSqliteStore({ path, policy })
  await fill(store)
  await store.close()
  using file = new Database(path, { readonly: true })
  const size = file.query<{ bytes: number }, [string]>(
    'SELECT sum(pgsize) AS bytes FROM dbstat JOIN sqlite_schema USING (name) WHERE tbl_name = ?',
  )
  return tables.map((table) => size.get(table)?.bytes ?? Number.NaN)
}

async function measurePostgres(): Promise<number[]> {
  await using postgres = await startPostgres({ durable: true })
  const url = await postgres.createDatabase()
  const store = await createPostgresStore({ url, policy, connections: parallel, timeoutMs: 60_000 })
  await fill(store)
  await store.close()
  await using client = new SQL(url, { max: 1 })
  // Removes the versions of rows that updates left behind, as PostgreSQL does by itself after a while.
  await client.unsafe('VACUUM FULL')
  const rows = await Promise.all(
    tables.map((table) => client`SELECT pg_total_relation_size(${table}) AS bytes`),
  )
  return rows.map(([row]) => Number(row.bytes))
}

const [sqlite, postgres] = [await measureSqlite(), await measurePostgres()]
const counts = { questions, assignments: questions, challenge_quotas: users }
process.stdout.write('| Bytes | SQLite | PostgreSQL |\n| --- | ---: | ---: |\n')
for (const [n, table] of tables.entries()) {
  const bytes = [sqlite, postgres].map((sizes) => Math.round((sizes[n] ?? Number.NaN) / counts[table]))
  process.stdout.write(`| a row of ${table} | ${bytes.join(' | ')} |\n`)
}
