import { expect, test } from 'bun:test'
import { until } from '../support/async.ts'
import { oneAttempt } from '../support/authoring.ts'
import { day, hour, noon } from '../support/clock.ts'
import { type Authored, goodChallenge, startModel } from '../support/model.ts'
import { type Server, startServer } from '../support/server.ts'

const key = { 'idempotency-key': 'order-1' }
const down = () => new Response('no', { status: 401 })
const generate = (server: Server, init?: RequestInit) => server.generate('user_1', 'easy', key, init)
const credits = async (server: Server) => (await server.quota('user_1')).body.quota_remaining
const owned = async (server: Server) => (await server.history('user_1')).body.challenges.length

test('a repeated request is answered when no credit is left', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { QUOTA_INITIAL: '1' } })
  const first = await generate(server)

  expect((await generate(server)).body).toEqual(first.body)
  expect((await server.generate('user_1')).status).toBe(429)
})

test('a repeated request is answered while the model is down', async () => {
  await using model = startModel()
  await using server = await startServer({ model })
  const first = await generate(server)
  model.author = down

  expect((await generate(server)).body).toEqual(first.body)
  expect(model.requests).toHaveLength(1)
})

test('a repeated request is answered by another server, and after the reset of the quota', async () => {
  await using model = startModel()
  await using first = await startServer({ model })
  const { body } = await generate(first)
  const later = Date.now() + 25 * hour
  await using second = await startServer({
    model,
    env: { DATABASE_URL: `file:${first.path}` },
    now: () => later,
  })

  expect((await generate(second)).body).toEqual(body)
  expect(await credits(second)).toBe(10)
})

test('a repeated request gets the same challenge of the bank, also when the model works again', async () => {
  await using model = startModel()
  await using server = await startServer({ model, timings: oneAttempt })
  model.author = down
  const first = await generate(server)
  const together = await Promise.all([generate(server), generate(server)])
  model.author = goodChallenge

  const last = await generate(server)

  expect(first.body.source).toBe('bank')
  expect([...together, last].map(({ body }) => body)).toEqual(Array(3).fill(first.body))
  expect([await credits(server), await owned(server)]).toEqual([50, 1])
})

test('eight concurrent requests with one key get one free challenge while the model is down', async () => {
  await using model = startModel()
  await using server = await startServer({ model, timings: oneAttempt })
  model.author = down

  const answers = await Promise.all(Array.from({ length: 8 }, () => generate(server)))

  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
  expect(model.requests).toHaveLength(1)
  expect([await credits(server), await owned(server)]).toEqual([50, 1])
})

test('without a model, eight concurrent requests with one key get one challenge for one credit', async () => {
  await using server = await startServer()

  const answers = await Promise.all(Array.from({ length: 8 }, () => generate(server)))

  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
  expect([await credits(server), await owned(server)]).toEqual([49, 1])
})

test('a key that was refused without credits gets a challenge when there are credits', async () => {
  await using model = startModel()
  let now = noon
  await using server = await startServer({ model, env: { QUOTA_INITIAL: '0' }, now: () => now })
  expect((await generate(server)).status).toBe(429)
  now += day

  expect((await generate(server)).status).toBe(200)
  expect(await credits(server)).toBe(9)
})

test('erasing a user erases their keys: a repeated request gets a new challenge', async () => {
  await using model = startModel()
  await using server = await startServer({ model })
  const first = await generate(server)
  await server.deliver('user.deleted', 'user_1')

  const second = await server.generate('user_1', 'hard', key)
  const repeat = await server.generate('user_1', 'hard', key)

  expect(second.status).toBe(200)
  expect(second.body.title).not.toBe(first.body.title)
  expect(repeat.body).toEqual(second.body)
  expect([await credits(server), await owned(server)]).toEqual([49, 1])
})

test('a client that hangs up and repeats its key during the generation gets that challenge', async () => {
  await using model = startModel()
  await using server = await startServer({ model })
  const written = Promise.withResolvers<Authored>()
  model.author = () => written.promise
  const hangUp = new AbortController()
  const gone = generate(server, { signal: hangUp.signal }).catch(() => 'gone')
  await until(() => model.active === 1, 'a generation is in flight')
  hangUp.abort()
  expect<unknown>(await gone).toBe('gone')
  await until(
    () => server.app.server?.pendingRequests === 0,
    'the server sees that the client has disconnected',
  )

  const back = generate(server)
  await until(() => server.app.server?.pendingRequests === 1, 'the second request has arrived')
  const challenge = goodChallenge()
  written.resolve(challenge)

  expect((await back).body.title).toBe(challenge.question)
  expect((await generate(server)).body).toEqual((await back).body)
  expect(model.requests).toHaveLength(1)
  expect([await credits(server), await owned(server)]).toEqual([49, 1])
})

test('a key without a session is refused with 401', async () => {
  await using server = await startServer()
  await generate(server)
  const body = JSON.stringify({ difficulty: 'easy' })

  for (const headers of [key, { 'idempotency-key': 'k'.repeat(256) }]) {
    const response = await server.fetch('/api/generate-challenge', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    })
    expect(response.status).toBe(401)
  }
})
