import { expect, setDefaultTimeout, test } from 'bun:test'
import { until } from '../support/async.ts'
import { countReady } from '../support/database.ts'
import { type Authored, goodChallenge, startModel } from '../support/model.ts'
import { type Server, startServer } from '../support/server.ts'

setDefaultTimeout(60_000)

const never = new Promise<never>(() => undefined)

/** The owner of each question in the database, or `null` for a question in the pool. */
function ownersIn(server: Server) {
  using database = server.database()
  const owners =
    'SELECT created_by AS owner FROM questions LEFT JOIN assignments ON question_id = questions.id ORDER BY questions.id'
  return database
    .query<{ owner: string | null }, []>(owners)
    .all()
    .map(({ owner }) => owner)
}

/** Waits until the server has noticed that its only client has disconnected. */
const seenGone = (server: Server) =>
  until(() => server.app.server?.pendingRequests === 0, 'the server sees that the client has disconnected')

test.each([['0'], ['1']])(
  'a client that hangs up is not charged, and its challenge goes to the next request (POOL_SIZE=%s)',
  async (size) => {
    await using model = startModel()
    await using server = await startServer({ model, env: { POOL_SIZE: size } })
    const written = Promise.withResolvers<Authored>()
    model.author = () => written.promise
    const hangUp = new AbortController()
    const request = server.generate('user_1', 'easy', {}, { signal: hangUp.signal }).catch(() => 'gone')
    await until(() => model.active === 1, 'a generation is in flight')

    hangUp.abort()
    expect<unknown>(await request).toBe('gone')
    await seenGone(server)
    const challenge = goodChallenge()
    written.resolve(challenge)
    await until(() => ownersIn(server).length === 1, 'the challenge is in the pool')
    model.author = () => never

    expect(ownersIn(server)).toEqual([null])
    expect((await server.quota('user_1')).body.quota_remaining).toBe(50)
    expect((await server.history('user_1')).body.challenges).toEqual([])
    expect((await server.generate('user_2', 'easy')).body.title).toBe(challenge.question)
  },
)

test('a client that hangs up may spend its credit on the next request at once', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { QUOTA_INITIAL: '1' } })
  const written = Promise.withResolvers<Authored>()
  model.author = () => written.promise
  const hangUp = new AbortController()
  const request = server.generate('user_1', 'easy', {}, { signal: hangUp.signal }).catch(() => 'gone')
  await until(() => model.active === 1, 'a generation is in flight')
  hangUp.abort()
  await request
  await seenGone(server)
  written.resolve(goodChallenge())
  await until(() => countReady(server, 'easy') === 1, 'the challenge is in the pool')

  const { status } = await server.generate('user_1', 'easy')

  expect(status).toBe(200)
  expect((await server.quota('user_1')).body.quota_remaining).toBe(0)
})

test('a stop cancels the model call of the pool’s filler, and no other call follows', async () => {
  await using model = startModel()
  const server = await startServer({ model, env: { POOL_SIZE: '3', GENERATION_TIMEOUT_MS: '600000' } })
  model.author = () => (model.requests.length === 1 ? goodChallenge() : never)
  await server.generate('user_1')
  await until(() => model.requests.length === 2, 'the filler calls the model')

  await server[Symbol.asyncDispose]()

  const [, filling] = model.requests
  await until(() => filling?.signal.aborted === true, 'the call is cancelled')
  expect(model.requests).toHaveLength(2)
})

test('a stop cancels the pause of the pool’s filler after a failure', async () => {
  await using model = startModel()
  const timings = { poolPauseMs: 600_000 }
  const server = await startServer({ model, env: { POOL_SIZE: '3' }, timings })
  model.author = () => (model.requests.length === 1 ? goodChallenge() : { ...goodChallenge(), answer: '' })
  await server.generate('user_1')
  await until(() => model.requests.length === 4, 'the filler has failed')

  await server[Symbol.asyncDispose]()

  expect(model.requests).toHaveLength(4)
})

test('the pool’s filler pauses after a failure, and then fills the pool', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { POOL_SIZE: '1' }, timings: { poolPauseMs: 300 } })
  model.author = () => (model.requests.length === 1 ? goodChallenge() : { ...goodChallenge(), answer: '' })
  await server.generate('user_1')
  await until(() => model.requests.length === 4, 'the filler has failed')
  model.author = goodChallenge

  await server.generate('user_1')

  await until(() => countReady(server, 'easy') === 1, 'the pool is full')
  expect(model.requests.length).toBeLessThanOrEqual(7)
})

test('challenges in the pool outlive the server', async () => {
  await using model = startModel()
  await using first = await startServer({ model, env: { POOL_SIZE: '1' } })
  await first.generate('user_1')
  await until(() => countReady(first, 'easy') === 1, 'the pool is full')
  await using second = await startServer({ model, env: { DATABASE_URL: `file:${first.path}` } })
  const calls = model.requests.length

  const { body } = await second.generate('user_2')

  expect(body.source).toBe('ai')
  expect(model.requests).toHaveLength(calls)
})
