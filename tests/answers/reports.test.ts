import { expect, test } from 'bun:test'
import { addChallenges } from '../support/database.ts'
import { useServer } from '../support/shared-server.ts'

const mark = 'my own words'

const shared = useServer({ env: { LOG_LEVEL: 'trace' } })
let count = 0

/** Gives a new user a challenge, and returns functions that report it and read the stored report. */
function give() {
  const server = shared()
  const id = ++count
  const user = `user_${id}`
  addChallenges(server, [{ id, createdBy: user }])
  return {
    ...{ server, id, user },
    report: (report: object) => server.report(user, id, report as never),
    read() {
      using database = server.database()
      return database
        .query(
          `SELECT report_reason AS reason, report_comment AS comment, reports FROM assignments JOIN questions
            ON questions.id = question_id WHERE assignments.id = ?`,
        )
        .get(id)
    },
  }
}

test('a later report replaces the first one, which alone is counted', async () => {
  const { report, read } = give()
  const first = await report({ reason: 'unclear', comment: mark })
  expect([first.status, first.body]).toEqual([200, { status: 'reported' }])
  expect(read()).toEqual({ reason: 'unclear', comment: mark, reports: 1 })
  expect((await report({ reason: 'wrong_key' })).status).toBe(200)
  expect(read()).toEqual({ reason: 'wrong_key', comment: null, reports: 1 })
})

test('the comment is in no answer and no line of the log, and is erased with the user', async () => {
  const { server, id, user, report } = give()
  await report({ reason: 'other', comment: mark })
  await report({ reason: mark, comment: mark })
  const answers = ['my-history', `challenges/${id}`, 'progress', 'quota'].map((path) =>
    server.as(user, `/api/${path}`).then((answer) => answer.text()),
  )
  const seen = [...(await Promise.all(answers)), await (await server.fetch('/metrics')).text()]
  expect(seen.join() + JSON.stringify(server.lines)).not.toContain(mark)
  using database = server.database()
  const question = database.query('SELECT question_id FROM assignments WHERE id = ?').values(id)[0]?.[0] ?? 0
  expect((await server.deliver('user.deleted', user)).status).toBe(200)
  expect(database.query('SELECT count(*) FROM assignments WHERE id = ?').values(id)).toEqual([[0]])
  expect(database.query('SELECT reports FROM questions WHERE id = ?').values(Number(question))).toEqual([[1]])
})

test.each([
  'x',
  'x'.repeat(500),
  '🙈'.repeat(500),
  'two\nlines\tand\r\ntabs',
  'ünïcödé',
  '<script>',
  "'; DROP TABLE x; --",
])('the comment %p is stored as it is', async (comment) => {
  const { report, read } = give()
  expect((await report({ reason: 'broken', comment })).status).toBe(200)
  expect(read()).toEqual({ reason: 'broken', comment, reports: 1 })
})

test.each([
  ['comment', ''],
  ['comment', 'x'.repeat(501)],
  ['comment', '🙈'.repeat(501)],
  ['comment', 'NUL \0'],
  ['comment', 'escape \x1b[31m'],
  ['comment', 'delete \x7f'],
  ['comment', 'C1 \x9b'],
  ['comment', 'lone \ud800'],
  ['comment', '\udc00 lone'],
  ['comment', null],
  ['comment', 5],
  ['comment', { toString: 1 }],
  ['reason', undefined],
  ['reason', 'WRONG_KEY'],
  ['reason', 'wrong_key '],
  ['reason', null],
  ['reason', ['other']],
])('a report whose %s is %p is 400 in words, and stores nothing', async (name, value) => {
  const { report, read } = give()
  const { problem } = await report({ reason: 'other', comment: 'fine', [name]: value })
  const expected = {
    comment:
      'comment must be a text of 1 to 500 characters without control characters other than tabs and line breaks.',
    reason: 'reason must be one of: wrong_key, unclear, broken, repeat, other.',
  }
  expect(problem).toMatchObject({ status: 400, detail: expected[name as keyof typeof expected] })
  expect(read()).toEqual({ reason: null, comment: null, reports: 0 })
})

test('a retired question can be reported', async () => {
  const { server, id, report } = give()
  using database = server.database()
  database.run(
    `UPDATE questions SET state = 'retired' WHERE id = (SELECT question_id FROM assignments WHERE id = ?)`,
    [id],
  )
  expect((await report({ reason: 'repeat' })).status).toBe(200)
})
