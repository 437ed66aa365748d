import { expect, setDefaultTimeout, test } from 'bun:test'
import { parallel } from '../support/async.ts'
import { addChallenges } from '../support/database.ts'
import { seeded } from '../support/seeded.ts'
import { startServer } from '../support/server.ts'

setDefaultTimeout(Number(process.env.FUZZ_REVEAL ?? 0) * 20 + 60_000)

const env = { REVEAL: 'after_answer', QUOTA_INITIAL: '1000000', LOG_LEVEL: 'error' }
const hidden = { correct_answer_id: null, explanation: null, option_notes: null }

test('under REVEAL=after_answer no route shows the key before the answer, and every route shows it afterwards', async () => {
  await using server = await startServer({ env })
  const key = { 'idempotency-key': 'once' }
  const ways = (id: number) => [
    server.generate('user_1', 'easy', key).then(({ body }) => body),
    server.challenge('user_1', id).then(({ body }) => body),
    server.history('user_1').then(({ body }) => body.challenges[0]),
  ]
  const { id, options } = (await server.generate('user_1', 'easy', key)).body
  for (const shown of await Promise.all(ways(id)))
    expect(shown).toMatchObject({ id, options, ...hidden, answer: null })

  const { body: answered } = await server.answer('user_1', id, 3)

  const { correct_answer_id, explanation, option_notes, answer_id, correct, answered_at } = answered
  expect([typeof correct_answer_id, typeof explanation, correct]).toEqual([
    'number',
    'string',
    correct_answer_id === 3,
  ])
  const answer = { answer_id, correct, answered_at }
  for (const shown of await Promise.all(ways(id)))
    expect(shown).toMatchObject({ id, correct_answer_id, explanation, option_notes, answer })
  expect((await server.answer('user_1', id, 1)).problem).toMatchObject({ status: 409, answer_id: 3 })
})

const users = ['user_0', 'user_1', 'user_2', 'user_3']
const perUser = 50
/** The id of the n-th challenge of a user; its explanation and notes contain `mark <id>.`. */
const idOf = (user: number, n: number) => user * perUser + n + 1

function addMarked(server: Parameters<typeof addChallenges>[0]) {
  const marked = (user: number, n: number) => {
    const id = idOf(user, n)
    const topic = n % 2 ? 'go' : 'sql'
    const optionNotes = JSON.stringify([`note mark ${id}.`, null, null, `mark ${id}.`])
    return { id, createdBy: users[user] ?? '', topic, explanation: `Because of mark ${id}.`, optionNotes }
  }
  addChallenges(
    server,
    users.flatMap((_, user) => Array.from({ length: perUser }, (_, n) => marked(user, n))),
  )
}

/** Every challenge in an answer: every object with options. */
function* challengesIn(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return
  if ('options' in value) yield value as Record<string, unknown>
  for (const inner of Object.values(value)) yield* challengesIn(inner)
}

test('no answer to random requests shows anything of a challenge before its answer', async () => {
  await using server = await startServer({ env })
  addMarked(server)
  const random = seeded(Number(process.env.FUZZ_SEED ?? 1))
  const count = Number(process.env.FUZZ_REVEAL ?? 1500)
  /** The challenges that an answer may have reached; the others must stay hidden. */
  const answered = new Set<number>()
  let sent = 0
  let judged = 0

  const post = (path: string, body: string, headers: Record<string, string> = {}) => ({
    path,
    init: { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } },
  })

  function makeRequest(owner: number): { path: string; init?: RequestInit } {
    // Now and then a challenge of another user, or of none.
    const id = random.chance(0.1) ? random.whole(0, 300) : idOf(owner, random.whole(0, perUser - 1))
    const path = `/api/challenges/${id}`
    const filter = random.pick([
      '',
      '&answer=none',
      '&answer=right',
      '&answer=wrong',
      '&topic=go',
      '&difficulty=easy',
    ])
    return random.pick([
      () => ({ path }),
      () => ({ path: `/api/my-history?limit=${random.whole(1, 60)}${filter}` }),
      () =>
        post('/api/generate-challenge', `{"difficulty":"${random.pick(['easy', 'medium', 'hard', 'x'])}"}`),
      () =>
        post('/api/generate-challenge', '{"difficulty":"easy"}', {
          'idempotency-key': `k${random.whole(0, 9)}`,
        }),
      () => post(`${path}/report`, '{"reason":"other"}'),
      () => post(`${path}/answer`, random.pick(['{"answer_id":4}', '{"answer_id":"2"}', '{', '[]'])),
      () => post(path, '{"answer_id":2}'),
      () => ({ path: `${path}/answer` }),
      () => ({ path: '/api/progress' }),
      () => ({ path: '/api/quota' }),
      () => {
        const answerPath = `${path}/answer`
        if (random.chance(0.95)) return { path: answerPath }
        // Before the request is sent: an answer that overtakes this one may show it.
        answered.add(id)
        return post(answerPath, `{"answer_id":${random.whole(0, 3)}}`)
      },
    ])()
  }

  await parallel(16, async (worker) => {
    while (sent++ < count) {
      const owner = worker % users.length
      const { path, init } = makeRequest(owner)
      const text = await (await server.as(users[owner] ?? '', path, init)).text()
      for (const [, id] of text.matchAll(/mark (\d+)\./g))
        expect([path, answered.has(Number(id))]).toEqual([path, true])
      for (const challenge of challengesIn(JSON.parse(text))) {
        judged++
        if (challenge.answer === null) expect(challenge).toMatchObject(hidden)
        else expect(answered).toContain(Number(challenge.id))
      }
    }
  })

  expect(judged).toBeGreaterThan(count / 2)
  expect(answered.size).toBeGreaterThan(3)
})
