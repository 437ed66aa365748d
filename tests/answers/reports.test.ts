import { expect, test } from 'bun:test'
import { addChallenges } from '../support/database.ts'
import { type Server, startServer } from '../support/server.ts'

const mark = 'my own words'

function readReport(server: Server) {
  using database = server.database()
  return database
    .query(
      `SELECT report_reason AS reason, report_comment AS comment, reports FROM assignments JOIN questions
        ON questions.id = question_id`,
    )
    .all()
}

async function startWithOne() {
  const server = await startServer({ env: { LOG_LEVEL: 'trace' } })
  addChallenges(server, [{ id: 1 }])
  return server
}

test('a later report replaces the first one, which alone is counted', async () => {
  await using server = await startWithOne()
  const first = await server.report('user_1', 1, { reason: 'unclear', comment: mark })
  expect([first.status, first.body]).toEqual([200, { status: 'reported' }])
  expect(readReport(server)).toEqual([{ reason: 'unclear', comment: mark, reports: 1 }])
  expect((await server.report('user_1', 1, { reason: 'wrong_key' })).status).toBe(200)
  expect(readReport(server)).toEqual([{ reason: 'wrong_key', comment: null, reports: 1 }])
})

test('the comment is in no answer and no line of the log, and is erased with the user', async () => {
  await using server = await startWithOne()
  await server.report('user_1', 1, { reason: 'other', comment: mark })
  await server.report('user_1', 1, { reason: mark, comment: mark })
  const answers = ['my-history', 'challenges/1', 'progress', 'quota'].map((path) =>
    server.as('user_1', `/api/${path}`).then((answer) => answer.text()),
  )
  const seen = [...(await Promise.all(answers)), await (await server.fetch('/metrics')).text()]
  expect(seen.join() + JSON.stringify(server.lines)).not.toContain(mark)
  expect((await server.deliver('user.deleted', 'user_1')).status).toBe(200)
  using database = server.database()
  expect(database.query('SELECT count(*) FROM assignments').values()).toEqual([[0]])
  expect(database.query('SELECT reports FROM questions').values()).toEqual([[1]])
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
  await using server = await startWithOne()
  expect((await server.report('user_1', 1, { reason: 'broken', comment })).status).toBe(200)
  expect(readReport(server)).toEqual([{ reason: 'broken', comment, reports: 1 }])
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
  await using server = await startWithOne()
  const report = { reason: 'other', comment: 'fine', [name]: value }
  const { problem } = await server.report('user_1', 1, report as never)
  const expected = {
    comment:
      'comment must be a text of 1 to 500 characters without control characters other than tabs and line breaks.',
    reason: 'reason must be one of: wrong_key, unclear, broken, repeat, other.',
  }
  expect(problem).toMatchObject({ status: 400, detail: expected[name as keyof typeof expected] })
  expect(readReport(server)).toEqual([{ reason: null, comment: null, reports: 0 }])
})

test('a retired question can be reported', async () => {
  await using server = await startWithOne()
  using database = server.database()
  database.run(`UPDATE questions SET state = 'retired'`)
  expect((await server.report('user_1', 1, { reason: 'repeat' })).status).toBe(200)
})
