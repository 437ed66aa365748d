import { afterAll, expect, test } from 'bun:test'
import { parallel, until } from '../support/async.ts'
import { noon } from '../support/clock.ts'
import { startModel, startPausedModel } from '../support/model.ts'
import { type Server, startServer } from '../support/server.ts'
import { useServer } from '../support/shared-server.ts'

const keyed = (key = 'order-1') => ({ 'idempotency-key': key })
const credits = async (server: Server, user = 'user_1') => (await server.quota(user)).body.quota_remaining
const owned = async (server: Server, user = 'user_1') => (await server.history(user)).body.challenges.length

test('a repeated request gets the same answer, and costs neither a credit nor a model call', async () => {
  await using model = startModel()
  let now = noon
  await using server = await startServer({ model, now: () => now })
  const first = await server.generate('user_1', 'easy', keyed())

  now += 60_000
  const second = await server.generate('user_1', 'easy', keyed())
  const third = await server.generate('user_1', 'easy', keyed())

  expect(first.status).toBe(200)
  expect([second.body, third.body]).toEqual([first.body, first.body])
  expect(model.requests).toHaveLength(1)
  expect([await credits(server), await owned(server)]).toEqual([49, 1])
})

test('eight concurrent requests with one key cause one challenge, one credit and one model call', async () => {
  await using model = startModel()
  await using server = await startServer({ model })

  const answers = await parallel(8, () => server.generate('user_1', 'easy', keyed()))

  expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200))
  for (const { body } of answers) expect(body).toEqual(answers[0]?.body as typeof body)
  expect(model.requests).toHaveLength(1)
  expect([await credits(server), await owned(server)]).toEqual([49, 1])
})

test('a request without a key or with another key gets a new challenge', async () => {
  await using model = startModel()
  await using server = await startServer({ model })

  const ids = []
  for (const headers of [keyed(), {}, {}, keyed('order-2'), keyed('ORDER-1'), keyed('order-1 ,')]) {
    ids.push((await server.generate('user_1', 'easy', headers)).body.id)
  }

  expect(new Set(ids).size).toBe(6)
  expect(await credits(server)).toBe(44)
})

test('a key that was used with another difficulty is refused with 422, and changes nothing', async () => {
  await using model = startModel()
  await using server = await startServer({ model })
  const first = await server.generate('user_1', 'easy', keyed())

  const { status, headers, problem } = await server.generate('user_1', 'hard', keyed())

  expect(status).toBe(422)
  expect(headers.get('content-type')).toStartWith('application/problem+json')
  expect(problem).toMatchObject({ status: 422, code: 'idempotency_mismatch' })
  expect(model.requests).toHaveLength(1)
  expect([await credits(server), await owned(server)]).toEqual([49, 1])
  expect((await server.generate('user_1', 'easy', keyed())).body).toEqual(first.body)
})

test('a repeated request gets its answer beside a concurrent request with another difficulty', async () => {
  await using server = await startServer()
  const first = await server.generate('user_1', 'easy', keyed())

  for (let n = 0; n < 20; n++) {
    const [other, repeat] = await Promise.all([
      server.generate('user_1', 'hard', keyed()),
      server.generate('user_1', 'easy', keyed()),
    ])
    expect([other.status, repeat.status]).toEqual([422, 200])
    expect(repeat.body).toEqual(first.body)
  }

  expect([await credits(server), await owned(server)]).toEqual([49, 1])
})

test('of two concurrent requests with one key and different difficulties, one is served', async () => {
  await using model = startPausedModel()
  await using server = await startServer({ model })

  const requests = ['easy', 'hard'].map((difficulty) => server.generate('user_1', difficulty, keyed()))
  await until(() => model.active > 0, 'the model is called')
  model.resume()
  const answers = await Promise.all(requests)

  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 422])
  expect([await credits(server), await owned(server)]).toEqual([49, 1])
})

test('two users may use the same key', async () => {
  await using server = await startServer()

  const mine = await server.generate('user_1', 'easy', keyed())
  const yours = await server.generate('user_2', 'hard', keyed())

  expect([mine.status, yours.status]).toEqual([200, 200])
  expect(yours.body.id).not.toBe(mine.body.id)
  expect([await credits(server, 'user_1'), await credits(server, 'user_2')]).toEqual([49, 49])
})

const printable = Array.from({ length: 95 }, (_, n) => String.fromCharCode(0x20 + n))
  .join('')
  .trim()

/** For the tests of keys, each with its own user. */
const sharedModel = startModel()
afterAll(() => sharedModel[Symbol.asyncDispose]())
const shared = useServer({ model: sharedModel })

test.each(['k', 'k'.repeat(255), printable, 'a b', "' OR 1=1 --", '../../x', '{"a":1}'])(
  'the key %s is accepted',
  async (key) => {
    const first = await shared().generate('user_accepted', 'easy', keyed(key))
    const second = await shared().generate('user_accepted', 'easy', keyed(key))

    expect(first.status).toBe(200)
    expect(second.body).toEqual(first.body)
  },
)

test.each(['', 'k'.repeat(256), 'a\tb', 'a\x7fb'])(
  'the key %j is refused with 400, and no credit is charged',
  async (key) => {
    const { length: asked } = sharedModel.requests

    const { status, problem } = await shared().generate('user_refused', 'easy', keyed(key))

    expect({ status, code: problem?.code }).toEqual({ status: 400, code: 'invalid_request' })
    expect(sharedModel.requests).toHaveLength(asked)
    expect([await credits(shared(), 'user_refused'), await owned(shared(), 'user_refused')]).toEqual([50, 0])
  },
)
