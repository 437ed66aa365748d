import { expect, test } from 'bun:test'
import { goodChallenge, startModel } from '../support/model.ts'
import { type Server, startServer } from '../support/server.ts'

const keyed = (key = 'order-1') => ({ 'idempotency-key': key })
const credits = async (server: Server, user = 'user_1') => (await server.quota(user)).body.quota_remaining
const owned = async (server: Server, user = 'user_1') => (await server.history(user)).body.challenges.length
const times = <T>(count: number, make: () => Promise<T>) => Promise.all(Array.from({ length: count }, make))

test('a repeat gets the very same answer, and costs neither a credit nor a model call', async () => {
  await using model = startModel()
  let now = Date.UTC(2026, 0, 1)
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

test('eight that arrive together are one: one challenge, one credit, one model call', async () => {
  await using model = startModel()
  await using server = await startServer({ model })

  const answers = await times(8, () => server.generate('user_1', 'easy', keyed()))

  expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200))
  for (const { body } of answers) expect(body).toEqual(answers[0]?.body as typeof body)
  expect(model.requests).toHaveLength(1)
  expect([await credits(server), await owned(server)]).toEqual([49, 1])
})

test('eight that arrive together at two servers of one database are one', async () => {
  await using model = startModel()
  await using one = await startServer({ model })
  await using other = await startServer({ model, env: { DATABASE_URL: `file:${one.path}` } })
  model.author = () => Bun.sleep(20).then(goodChallenge)

  const answers = await Promise.all([
    times(4, () => one.generate('user_1', 'easy', keyed())),
    times(4, () => other.generate('user_1', 'easy', keyed())),
  ])

  expect(new Set(answers.flat().map(({ body }) => JSON.stringify(body))).size).toBe(1)
  expect([await credits(one), await owned(one)]).toEqual([49, 1])
})

test('without a key, or with another, a request is a new one', async () => {
  await using model = startModel()
  await using server = await startServer({ model })

  const ids = []
  for (const headers of [keyed(), {}, {}, keyed('order-2'), keyed('ORDER-1'), keyed('order-1 ,')]) {
    ids.push((await server.generate('user_1', 'easy', headers)).body.id)
  }

  expect(new Set(ids).size).toBe(6)
  expect(await credits(server)).toBe(44)
})

test('a key with another difficulty is 422, and changes nothing', async () => {
  await using model = startModel()
  await using server = await startServer({ model })
  const first = await server.generate('user_1', 'easy', keyed())

  const { status, headers, body } = await server.generate('user_1', 'hard', keyed())

  expect(status).toBe(422)
  expect(headers.get('content-type')).toStartWith('application/problem+json')
  expect(body).toMatchObject({ status: 422, code: 'idempotency_mismatch' })
  expect(model.requests).toHaveLength(1)
  expect([await credits(server), await owned(server)]).toEqual([49, 1])
  expect((await server.generate('user_1', 'easy', keyed())).body).toEqual(first.body)
})

test('a repeat gets its answer, whatever else arrives with its key at the same moment', async () => {
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

test('of two that arrive together with one key and two difficulties, one is served', async () => {
  await using model = startModel()
  await using server = await startServer({ model })
  model.author = () => Bun.sleep(20).then(goodChallenge)

  const answers = await Promise.all(
    ['easy', 'hard'].map((difficulty) => server.generate('user_1', difficulty, keyed())),
  )

  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 422])
  expect([await credits(server), await owned(server)]).toEqual([49, 1])
})

test('a key belongs to its user', async () => {
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

test.each(['k', 'k'.repeat(255), printable, 'a b', "' OR 1=1 --", '../../x', '{"a":1}'])(
  'the key %s is taken',
  async (key) => {
    await using server = await startServer()

    const first = await server.generate('user_1', 'easy', keyed(key))
    const second = await server.generate('user_1', 'easy', keyed(key))

    expect(first.status).toBe(200)
    expect(second.body).toEqual(first.body)
  },
)

test.each(['', 'k'.repeat(256), 'a\tb', 'a\x7fb'])(
  'the key %j is refused with 400, and nothing is charged',
  async (key) => {
    await using model = startModel()
    await using server = await startServer({ model })

    const { status, body } = await server.generate('user_1', 'easy', keyed(key))

    expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid_request' })
    expect(model.requests).toHaveLength(0)
    expect([await credits(server), await owned(server)]).toEqual([50, 0])
  },
)
