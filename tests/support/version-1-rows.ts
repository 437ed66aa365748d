import { Database } from 'bun:sqlite'
import { SQL } from 'bun'
import { oldChallenge, writeOldPostgres, writeOldSqlite } from './version-1.ts'

type Dialect = { series: (rows: number) => string; hash: string }

const sqliteDialect: Dialect = {
  series: (rows) =>
    `WITH RECURSIVE series(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM series WHERE n < ${rows})`,
  hash: 'lower(hex(randomblob(32)))',
}
const postgresDialect: Dialect = {
  series: (rows) => `WITH series(n) AS (SELECT * FROM generate_series(2::bigint, ${rows}))`,
  hash: 'md5(n::text) || md5((-n)::text)',
}

const question = [
  'What does this program print, and why?\n\n```javascript\nconst seen = new Map()\n',
  "for (const word of ['a', 'b', 'a']) seen.set(word, (seen.get(word) ?? 0) + 1)\nconsole.log(seen.get('a'))\n```",
].join('')
const sentences = [
  'The map counts words: `a` comes twice, and `??` gives 0 for a word that was not seen before. ',
  'So the second `a` finds 1 and stores 2, and the last line prints the number that is stored for `a`.',
].join('')

/**
 * Writes a SQLite database of version 1.0.0 with `rows` challenges, and copies its log into the file. An explanation
 * takes 200 bytes for each of `length`.
 */
export function writeManyOldSqlite(path: string, rows: number, length = 1) {
  writeOldSqlite(path, [oldChallenge(1)], 1)
  using file = new Database(path)
  file.run('PRAGMA synchronous = OFF')
  file.run(toOldRowsSql(rows, length, sqliteDialect))
  file.run('PRAGMA wal_checkpoint(TRUNCATE)')
}

/** The same in an empty PostgreSQL database. */
export async function writeManyOldPostgres(url: string, rows: number) {
  await writeOldPostgres(url, [oldChallenge(1)], rows)
  await using client = new SQL(url, { max: 1 })
  await client.unsafe(toOldRowsSql(rows, 1, postgresDialect))
  await client`VACUUM ANALYZE`
}

const quote = (text: string) => `'${text.replaceAll("'", "''")}'`

/**
 * The statement that fills the table `challenges` of version 1.0.0 with the rows 2 to `rows`. Of a hundred rows, ten
 * come from the bank (126 entries, each in up to 24 orders of its options), one is imported and repeats another row,
 * five wait in the pool, and the others are by the model; a quarter of them has an idempotency key.
 */
function toOldRowsSql(rows: number, length: number, { series, hash }: Dialect): string {
  const isBank = 'n % 10 = 0'
  const isImported = 'n % 100 = 1'
  const isReady = 'n % 20 = 3'
  const entry = 'n / 10 % 126'
  const order = 'n / 1260 % 24'
  // The number that makes the text of a row.
  const text = `CASE WHEN ${isBank} THEN ${entry} WHEN ${isImported} THEN n % 3000 ELSE n END`
  return `INSERT INTO challenges (id, difficulty, date_created, created_by, title, options, correct_answer_id,
      explanation, source, fingerprint, bank_id, idempotency_key, import_key)
    ${series(rows)}
    SELECT n, CASE (${text}) % 3 WHEN 0 THEN 'easy' WHEN 1 THEN 'medium' ELSE 'hard' END, 1700000000000 + n * 1000,
      CASE WHEN ${isReady} THEN NULL ELSE 'user_2' || (n * 7919 % ${rows / 100}) END,
      ${quote(question)} || (${text}),
      '["It prints 1 (' || CASE WHEN ${isBank} THEN ${order} ELSE 0 END || ')","It prints 2","It prints undefined",'
        || '"It throws a TypeError in the second line"]',
      (${text}) % 4, ${quote(sentences.repeat(length))}, CASE WHEN ${isBank} THEN 'bank' ELSE 'ai' END,
      CASE WHEN ${isBank} OR ${isImported} THEN NULL ELSE ${hash} END,
      CASE WHEN ${isBank} THEN 'entry-' || (${entry}) END,
      CASE WHEN n % 4 = 2 THEN 'c0ffee00-0000-4000-8000-' || (n + 100000000000) END,
      CASE WHEN ${isImported} THEN 'original ' || n END
    FROM series`
}
