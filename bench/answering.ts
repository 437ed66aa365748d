import { activeUsers, change, openNew, readers, small } from './data.ts'
import { answers } from './requests.ts'

/** More challenges than a server answers in a second. */
const answerable = 30_000

const others = activeUsers.filter((user) => !readers.includes(user))
const userOf = (n: number) => others[n % others.length] ?? ''

/** Adds challenges without an answer, of users without a long history, to a database of the small size. */
export function addAnswerable(path: string) {
  const file = openNew(path)
  const insert = file.query(
    'INSERT INTO assignments (id, question_id, created_by, date_created) VALUES (?, ?, ?, ?)',
  )
  const now = Date.now()
  file.transaction(() => {
    for (let n = 1; n <= answerable; n++)
      insert.run(small.challenges + n, 1 + (n % small.challenges), userOf(n), now)
  })()
  file.close()
}

/** Answers each of these challenges. */
export const answerEach = () =>
  answers(
    Array.from({ length: answerable }, (_, n) => ({ id: small.challenges + n + 1, user: userOf(n + 1) })),
  )

/** Takes the answers back, so that every load answers the same challenges for the first time. */
export function takeAnswersBack(path: string) {
  change(path, (file) => {
    file
      .query(`UPDATE assignments SET answer_id = NULL, answered_at = NULL, answer_correct = NULL,
        answer_difficulty = NULL, answer_topic = NULL WHERE id > ? AND answer_id IS NOT NULL`)
      .run(small.challenges)
    file.run(`UPDATE questions SET answers_0 = 0, answers_1 = 0, answers_2 = 0, answers_3 = 0
      WHERE answers_0 + answers_1 + answers_2 + answers_3 > 0`)
  })
}
