/**
 * `bun bench/scale.ts`: what each operation of the store costs as the tables grow, on both engines, in one run.
 * Prints a table in Markdown: the median of many calls, in microseconds, one call after another.
 */
import { Database } from 'bun:sqlite'
import { join } from 'node:path'
import { SQL } from 'bun'
import type { Question } from '../src/question.ts'
import { createQuotaPolicy } from '../src/quota.ts'
import { createPostgresStore } from '../src/store/postgres/store.ts'
import { createSqliteStore } from '../src/store/sqlite/store.ts'
import type { Store } from '../src/store/store.ts'
import { diskFolder } from '../tests/support/folder.ts'
import { startPostgres } from '../tests/support/postgres.ts'
import { toTopicSql } from './data.ts'

const sizes = [10_000, 100_000, 1_000_000]
const calls = 400
const policy = createQuotaPolicy({ initial: 1_000_000, daily: 10 })
const start = Date.now()

const title = 'What does the following code print, and why is it not what one might expect at first sight?'
const topicSql = toTopicSql('n')
/** Every tenth of `size` questions is in the pool; the others circulate, each had by one user, a hundred or so a user. */
const rows = (size: number, series: string) => [
  `INSERT INTO questions (difficulty, topic, date_created, title, options, correct_answer_id, explanation, fingerprint, state)
    ${series} SELECT CASE n % 3 WHEN 0 THEN 'easy' WHEN 1 THEN 'medium' ELSE 'hard' END, ${topicSql}, ${start} - ${size} + n,
    '${title} (' || n || ')', '["one","two","three","four"]', n % 4, '${title.repeat(3)}', 'seed ' || n,
    CASE n % 10 WHEN 0 THEN 'ready' ELSE 'circulating' END FROM series`,
  `INSERT INTO assignments (question_id, date_created, created_by)
    SELECT id, date_created, 'user_' || (id % ${size / 100}) FROM questions WHERE state = 'circulating' ORDER BY id`,
  `INSERT INTO libraries (difficulty, topic, size, circulating)
    SELECT difficulty, topic, count(*), count(*) FROM questions WHERE state = 'circulating' GROUP BY 1, 2 ORDER BY 1, 2`,
  `WITH placed AS (
    SELECT questions.id, libraries.id AS library_id,
      row_number() OVER (PARTITION BY libraries.id ORDER BY questions.id) - 1 AS position
    FROM questions JOIN libraries USING (difficulty, topic) WHERE state = 'circulating'
  ) UPDATE questions SET library_id = placed.library_id, position = placed.position
    FROM placed WHERE questions.id = placed.id`,
  `INSERT INTO challenge_quotas (user_id, quota_remaining, last_reset_date, quota_limit)
    SELECT DISTINCT created_by, 1000000, ${start}, 1000000 FROM assignments`,
]

async function openSqlite(size: number) {
  const folder = diskFolder()
  const path = join(folder.path, 'scale.db')
  await createSqliteStore({ path, policy }).close()
  using file = new Database(path)
  const series = `WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < ${size})`
  for (const statement of rows(size, series)) file.run(statement)
  const store = createSqliteStore({ path, policy })
  const close = async () => {
    await store.close()
    folder[Symbol.dispose]()
  }
  return { store, close }
}

const postgres = await startPostgres({ durable: true })

async function openPostgres(size: number) {
  const url = await postgres.createDatabase()
  const store = await createPostgresStore({ url, policy, connections: 10, timeoutMs: 600_000 })
  const client = new SQL(url, { max: 1 })
  const series = `WITH series(n) AS (SELECT * FROM generate_series(1, ${size}))`
  for (const statement of rows(size, series)) await client.unsafe(statement)
  await client.unsafe('VACUUM ANALYZE')
  await client.close()
  return { store, close: () => store.close() }
}

const question = (n: number): Question => ({
  difficulty: 'hard',
  topic: null,
  title: `${title} ${n}`,
  language: null,
  options: ['one', 'two', 'three', 'four'],
  correctAnswerId: 1,
  explanation: title,
  optionNotes: null,
  source: 'ai',
  fingerprint: `new ${n}`,
  bankId: null,
})

const user = (n: number, size: number) => `user_${(n * 7919) % (size / 100) || 1}`

/** For each call, a challenge of its user that no other call answers. */
const findAnswerable = (store: Store, size: number) =>
  Promise.all(
    Array.from({ length: calls + 1 }, async (_, n) => {
      // A user of a small table makes several calls.
      const before = Math.floor(n / (size / 100))
      const page = await store.history({ userId: user(n, size), limit: before + 1 })
      return page[before]?.id ?? 0
    }),
  )

type Operation = (store: Store, n: number, size: number, answerable: number[]) => Promise<unknown>

const operations: Record<string, Operation> = {
  answer: (store, n, size, answerable) =>
    store.answer({ userId: user(n, size), challengeId: answerable[n] ?? 0, answerId: n % 4, now: start + n }),
  'look at a quota': (store, n, size) => store.refreshQuota(user(n, size), start),
  'open a quota': (store, n) => store.openQuota(`new_${n}`, start),
  'claim from the pool': (store, n, size) =>
    store.claim({ userId: user(n, size), difficulty: 'easy', now: start + n, supply: { from: 'pool' } }),
  'claim from the library': (store, n, size) =>
    store.claim({ userId: user(n, size), difficulty: 'easy', now: start + n, supply: { from: 'library' } }),
  'add to the pool': (store, n) => store.addReady(question(n), start + n),
  'a page of 100': (store, n, size) => store.history({ userId: user(n, size), limit: 101 }),
  'a page of 100, hard ones': (store, n, size) =>
    store.history({ userId: user(n, size), difficulty: 'hard', limit: 101 }),
}

async function medianOf(operation: (n: number) => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let n = 1; n <= calls; n++) {
    const began = performance.now()
    await operation(n)
    times.push(performance.now() - began)
  }
  return (times.toSorted((a, b) => a - b)[calls >> 1] ?? 0) * 1000
}

const cells: Record<string, string[]> = {}
const heading: string[] = []
for (const [engine, open] of Object.entries({ SQLite: openSqlite, PostgreSQL: openPostgres })) {
  for (const size of sizes) {
    heading.push(`${engine}, ${size.toLocaleString('en')}`)
    const { store, close } = await open(size)
    const answerable = await findAnswerable(store, size)
    for (const [name, operation] of Object.entries(operations)) {
      const microseconds = await medianOf((n) => operation(store, n, size, answerable))
      cells[name] = [...(cells[name] ?? []), microseconds.toFixed(0)]
    }
    await close()
  }
}
await postgres[Symbol.asyncDispose]()

const line = (values: string[]) => `| ${values.join(' | ')} |\n`
process.stdout.write(line(['µs, median', ...heading]) + line(['---', ...heading.map(() => '---:')]))
for (const [name, values] of Object.entries(cells)) process.stdout.write(line([name, ...values]))
