import { expect, test } from 'bun:test'
import { iso, noon, startWithClock } from '../support/clock.ts'
import { addChallenges } from '../support/database.ts'
import { type Server, startServer } from '../support/server.ts'
import { useServer } from '../support/shared-server.ts'

const shared = useServer()
let lastId = 0

/** Gives `user_1` a new challenge, whose key is 2, and returns its id. */
function give(server: Server, more: Parameters<typeof addChallenges>[1][0] = {}): number {
  addChallenges(server, [{ id: ++lastId, ...more }])
  return lastId
}

/** The counters of first answers of the challenge's question. */
function countsOf(server: Server, id: number) {
  using database = server.database()
  return database
    .query(
      `SELECT answers_0, answers_1, answers_2, answers_3, reports FROM questions JOIN assignments
        ON questions.id = question_id WHERE assignments.id = ?`,
    )
    .values(id)[0]
}

test('an answer gets the verdict and the solution, and stands in the challenge and the history', async () => {
  await using one = await startWithClock()
  const { server, clock } = one
  addChallenges(server, [{ id: 7, date: noon - 5, topic: 'sql', optionNotes: '["a",null,null,"d"]' }])
  clock.now = noon + 123

  const { status, body } = await server.answer('user_1', 7, 1)

  expect(status).toBe(200)
  expect<object>(body).toEqual({
    challenge_id: 7,
    answer_id: 1,
    correct: false,
    correct_answer_id: 2,
    explanation: 'Because.',
    option_notes: ['a', null, null, 'd'],
    answered_at: iso(noon + 123),
  })
  const challenge = (await server.challenge('user_1', 7)).body
  expect(challenge).toMatchObject({
    id: 7,
    topic: 'sql',
    option_notes: ['a', null, null, 'd'],
    retired: false,
  })
  expect(challenge.answer).toEqual({ answer_id: 1, correct: false, answered_at: iso(noon + 123) })
  expect((await server.history('user_1')).body.challenges).toEqual([challenge])
  expect(countsOf(server, 7)).toEqual([0, 1, 0, 0, 0])
})

test('the same answer again gets the same response; another one is 409 with the answer that counts', async () => {
  await using one = await startWithClock()
  const { server, clock } = one
  addChallenges(server, [{ id: 7 }])
  const first = await server.answer('user_1', 7, 2)
  clock.now += 5000
  const again = await server.answer('user_1', 7, 2)
  const other = await server.answer('user_1', 7, 0)
  expect(first.body.correct).toBe(true)
  expect(again.body).toEqual(first.body)
  expect(other.problem).toMatchObject({ status: 409, code: 'already_answered', answer_id: 2 })
  expect(other.headers.get('content-type')).toBe('application/problem+json')
  expect(countsOf(server, 7)).toEqual([0, 0, 1, 0, 0])
})

test('a challenge of another user is 404 as one that does not exist, and stays unanswered and unreported', async () => {
  const id = give(shared())
  const ask = (challengeId: number) =>
    Promise.all([
      shared().challenge('user_2', challengeId),
      shared().answer('user_2', challengeId, 2),
      shared().report('user_2', challengeId, { reason: 'other' }),
    ])
  const [foreign, missing] = [await ask(id), await ask(999_999_999)]
  expect(foreign.map(({ status }) => status)).toEqual([404, 404, 404])
  expect(foreign.map(({ problem }) => problem)).toEqual(missing.map(({ problem }) => problem))
  expect((await shared().challenge('user_1', id)).body.answer).toBeNull()
  expect(countsOf(shared(), id)).toEqual([0, 0, 0, 0, 0])
})

test('a retired question can still be answered, and an answer costs no credit', async () => {
  await using server = await startServer({ env: { QUOTA_INITIAL: '1' } })
  const { body } = await server.generate('user_1')
  using database = server.database()
  database.run(`UPDATE questions SET state = 'retired'`)
  expect((await server.answer('user_1', body.id, 0)).status).toBe(200)
  expect((await server.challenge('user_1', body.id)).body.retired).toBe(true)
  expect((await server.quota('user_1')).body.quota_remaining).toBe(0)
})

test('a repeat of the request with its idempotency key shows the answer', async () => {
  const key = { 'idempotency-key': 'answered' }
  const { body } = await shared().generate('keyed', 'easy', key)
  expect(body).toMatchObject({ answer: null, charged: true })
  const answered = (await shared().answer('keyed', body.id, body.correct_answer_id)).body
  const { answer_id, correct, answered_at } = answered
  const repeated = (await shared().generate('keyed', 'easy', key)).body
  expect(repeated).toEqual({ ...body, answer: { answer_id, correct, answered_at } })
})
