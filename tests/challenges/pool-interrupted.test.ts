import { expect, setDefaultTimeout, test } from 'bun:test'
import { eventually, readyIn } from '../support/authoring.ts'
import { type Authored, goodChallenge, startModel } from '../support/model.ts'
import { type Server, startServer } from '../support/server.ts'

setDefaultTimeout(20_000)

const never = new Promise<never>(() => undefined)

/** To whom the challenges in the database belong; to nobody, those in the pool. */
function ownersIn(server: Server) {
  using database = server.database()
  const owners =
    'SELECT created_by AS owner FROM questions LEFT JOIN assignments ON question_id = questions.id ORDER BY questions.id'
  return database
    .query<{ owner: string | null }, []>(owners)
    .all()
    .map(({ owner }) => owner)
}

/** Waits until the server has seen that its only client is gone. */
const seenGone = (server: Server) =>
  eventually(() => server.app.server?.pendingRequests === 0, 'a client that is gone')

test.each([['0'], ['1']])(
  'a client that hangs up is not charged, and its challenge is kept for the next (POOL_SIZE=%s)',
  async (size) => {
    await using model = startModel()
    await using server = await startServer({ model, env: { POOL_SIZE: size } })
    const written = Promise.withResolvers<Authored>()
    model.author = () => written.promise
    const hangUp = new AbortController()
    const request = server.generate('user_1', 'easy', {}, { signal: hangUp.signal }).catch(() => 'gone')
    await eventually(() => model.active === 1, 'a generation under way')

    hangUp.abort()
    expect<unknown>(await request).toBe('gone')
    await seenGone(server)
    const challenge = goodChallenge()
    written.resolve(challenge)
    await eventually(() => ownersIn(server).length === 1, 'a challenge kept')
    model.author = () => never

    expect(ownersIn(server)).toEqual([null])
    expect((await server.quota('user_1')).body.quota_remaining).toBe(50)
    expect((await server.history('user_1')).body.challenges).toEqual([])
    expect((await server.generate('user_2', 'easy')).body.title).toBe(challenge.question)
  },
)

test('a client that hangs up gives its credit free for the next request at once', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { QUOTA_INITIAL: '1' } })
  const written = Promise.withResolvers<Authored>()
  model.author = () => written.promise
  const hangUp = new AbortController()
  const request = server.generate('user_1', 'easy', {}, { signal: hangUp.signal }).catch(() => 'gone')
  await eventually(() => model.active === 1, 'a generation under way')
  hangUp.abort()
  await request
  await seenGone(server)
  written.resolve(goodChallenge())
  await eventually(() => readyIn(server, 'easy') === 1, 'a challenge kept')

  const { status } = await server.generate('user_1', 'easy')

  expect(status).toBe(200)
  expect((await server.quota('user_1')).body.quota_remaining).toBe(0)
})

test('a stop ends the filler’s call, waits for it, and lets none follow', async () => {
  await using model = startModel()
  const server = await startServer({ model, env: { POOL_SIZE: '3', GENERATION_TIMEOUT_MS: '600000' } })
  model.author = () => (model.requests.length === 1 ? goodChallenge() : never)
  await server.generate('user_1')
  await eventually(() => model.requests.length === 2, 'a filler at work')

  await server[Symbol.asyncDispose]()

  const [, filling] = model.requests
  await eventually(() => filling?.signal.aborted === true, 'a call that was ended')
  expect(model.requests).toHaveLength(2)
})

test('a stop ends the filler’s wait after a failure', async () => {
  await using model = startModel()
  const server = await startServer({ model, env: { POOL_SIZE: '3' } })
  model.author = () => (model.requests.length === 1 ? goodChallenge() : { ...goodChallenge(), answer: '' })
  await server.generate('user_1')
  await eventually(() => model.requests.length === 4, 'a filler that failed')

  const start = performance.now()
  await server[Symbol.asyncDispose]()

  expect(performance.now() - start).toBeLessThan(1000)
  expect(model.requests).toHaveLength(4)
})

test('a filler that failed pauses before it asks again, and then fills the pool', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { POOL_SIZE: '1' }, timings: { poolPauseMs: 300 } })
  model.author = () => (model.requests.length === 1 ? goodChallenge() : { ...goodChallenge(), answer: '' })
  await server.generate('user_1')
  await eventually(() => model.requests.length === 4, 'a filler that failed')
  model.author = goodChallenge

  await server.generate('user_1')

  await eventually(() => readyIn(server, 'easy') === 1, 'a full pool')
  expect(model.requests.length).toBeLessThanOrEqual(7)
})

test('challenges in the pool outlive the server', async () => {
  await using model = startModel()
  await using first = await startServer({ model, env: { POOL_SIZE: '1' } })
  await first.generate('user_1')
  await eventually(() => readyIn(first, 'easy') === 1, 'a full pool')
  await using second = await startServer({ model, env: { DATABASE_URL: `file:${first.path}` } })
  const calls = model.requests.length

  const { body } = await second.generate('user_2')

  expect(body.source).toBe('ai')
  expect(model.requests).toHaveLength(calls)
})
