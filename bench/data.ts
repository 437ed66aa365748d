import { Database } from 'bun:sqlite'
import { openSqliteFile } from '../src/store/sqlite/opening.ts'
import { topicIds } from '../src/topics.ts'
import { manyCredits } from './servers.ts'

/** The size of a database. The small one holds only the users that make requests, and their challenges. */
export type Size = { challenges: number; users: number }

export const small: Size = { challenges: 12_000, users: 1_000 }
export const large: Size = { challenges: 600_000, users: 100_000 }

/** The users that make requests: a thousand, spread evenly over a hundred thousand. */
export const activeUsers = Array.from({ length: small.users }, (_, n) => `user_${n * 100}`)
/** The users with a long history: 120 challenges each, spread over the whole table. */
export const readers = activeUsers.filter((_, n) => n % 10 === 0)

const title = [
  'What does this program print, and why?\n\n```javascript\nconst seen = new Map()\n',
  "for (const word of ['a', 'b', 'a']) seen.set(word, (seen.get(word) ?? 0) + 1)\nconsole.log(seen.get('a'))\n```",
].join('')
const options = JSON.stringify(['It prints 1', 'It prints 2', 'It prints undefined', 'It throws a TypeError'])
const explanation =
  'The map counts words: `a` comes twice, and `??` gives 0 for a word that was not seen before.'
const optionNotes = JSON.stringify([
  'The second `a` counts too.',
  null,
  'The map has `a`.',
  'Nothing throws.',
])

/** A SQL expression for one of the topics, each with its turn as the expression `n` grows. */
export const toTopicSql = (n: string) =>
  `CASE (${n}) % ${topicIds.length} ${topicIds.map((id, index) => `WHEN ${index} THEN '${id}'`).join(' ')} END`

/** The columns of a question's text, and their values for question number `i`. */
export const textColumns = 'title, options, correct_answer_id, explanation, option_notes'
export const textValues = '$title || i, $options, 1, $explanation, $optionNotes'
export const texts = { title, options, explanation, optionNotes }
/** The numbers `i` from 0 to `$count - 1`. */
export const numbers =
  'WITH RECURSIVE numbers(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM numbers WHERE i < $count - 1)'

const columns = `(difficulty, date_created, topic, ${textColumns}, fingerprint, state)`
const content = `${toTopicSql('i')}, ${textValues}, lower(hex(randomblob(32)))`

/** Opens a new database with the server's own schema, to be filled fast. */
export function openNew(path: string): Database {
  const file = openSqliteFile(path)
  file.run('PRAGMA synchronous = OFF')
  file.run('PRAGMA cache_size = -200000')
  return file
}

/** Makes a database. The small one has every fiftieth challenge of the large one. */
export function createData(path: string, size: Size) {
  const file = openNew(path)
  const now = Date.now()
  const every = large.challenges / size.challenges
  file.transaction(() => {
    file
      .query(`${numbers} INSERT INTO challenge_quotas (user_id, quota_remaining, quota_limit, last_reset_date)
        SELECT 'user_' || (i * ${large.users / size.users}), $credits, $credits, $now FROM numbers`)
      .run({ count: size.users, credits: manyCredits, now })
    file
      .query(`${numbers} INSERT INTO questions ${columns}
        SELECT CASE i % 3 WHEN 0 THEN 'easy' WHEN 1 THEN 'medium' ELSE 'hard' END, $now - ($count - i) * 1000,
        ${content}, 'circulating' FROM numbers`)
      .run({ count: size.challenges, now, ...texts })
    file
      .query(`INSERT INTO assignments (question_id, date_created, created_by)
        SELECT id, date_created, 'user_' || CASE WHEN (id - 1) * ${every} % 50 = 0
          THEN (id - 1) * ${every} / 50 % 100 * 1000 ELSE ((id - 1) * 7919 % ${large.users}) | 1 END
        FROM questions ORDER BY id`)
      .run()
    answerAll(file, 'assignments.id % 3 > 0')
  })()
  file.close()
}

/** Answers the assignments that satisfy a SQL condition, half of them right, a minute after they were made. */
export function answerAll(file: Database, condition: string) {
  file.run(`UPDATE assignments SET answer_id = assignments.id % 4 / 2, answered_at = assignments.date_created + 60000,
    answer_correct = assignments.id % 4 / 2 = correct_answer_id, answer_difficulty = difficulty, answer_topic = topic
    FROM questions WHERE questions.id = question_id AND ${condition}`)
}

/** Changes a running server's database over a connection of its own. */
export function change(path: string, work: (file: Database) => void) {
  using file = new Database(path, { strict: true })
  file.run('PRAGMA busy_timeout = 5000')
  file.transaction(() => work(file)).immediate()
  // The measured load must not begin by copying back these pages.
  file.run('PRAGMA wal_checkpoint(TRUNCATE)')
}

/** Adds questions to the pool of a running server's database until it holds `count`. */
export function fillPool(path: string, count: number) {
  change(path, (file) => {
    const { ready } = file
      .query<{ ready: number }, []>(
        `SELECT count(*) AS ready FROM questions WHERE difficulty = 'easy' AND state = 'ready'`,
      )
      .get() ?? { ready: 0 }
    if (ready >= count) return
    file
      .query(
        `${numbers} INSERT INTO questions ${columns} SELECT 'easy', $now, ${content}, 'ready' FROM numbers`,
      )
      .run({ count: count - ready, now: Date.now(), ...texts })
  })
}
