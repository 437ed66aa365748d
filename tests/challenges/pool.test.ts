import { expect, setDefaultTimeout, test } from 'bun:test'
import { eventually, readyIn } from '../support/authoring.ts'
import { goodChallenge, startModel } from '../support/model.ts'
import { type Server, startServer } from '../support/server.ts'

setDefaultTimeout(20_000)

const env = { POOL_SIZE: '3' }
const never = new Promise<never>(() => undefined)

const filled = (server: Server, difficulty: string, size = 3) =>
  eventually(() => readyIn(server, difficulty) === size, `${size} ready of ${difficulty}`)

test('starting, and looking at quota and history, calls no model', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env })

  await server.quota('user_1')
  await server.history('user_1')
  await server.deliver('user.created', 'user_2')
  await server.fetch('/ready')

  expect(model.requests).toHaveLength(0)
})

test('after a hand-over the pool of that difficulty fills up, no further, and no other', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env })

  for (let request = 0; request < 4; request++) await server.generate('user_1', 'medium')
  await filled(server, 'medium')
  await eventually(() => model.active === 0, 'rest')
  const calls = model.requests.length
  await server.quota('user_1')

  // Four handed over and three ready: not one call more.
  expect(calls).toBe(7)
  expect(model.requests).toHaveLength(7)
  expect(readyIn(server, 'medium')).toBe(3)
  expect([readyIn(server, 'easy'), readyIn(server, 'hard')]).toEqual([0, 0])
})

test('many claims at once never overfill the pool', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env })
  let most = 0
  model.author = async () => {
    await Bun.sleep(1)
    most = Math.max(most, readyIn(server, 'easy'))
    return goodChallenge()
  }

  await Promise.all(Array.from({ length: 20 }, (_, user) => server.generate(`user_${user}`)))
  await filled(server, 'easy')
  await eventually(() => model.active === 0, 'rest')

  expect(most).toBeLessThanOrEqual(3)
  expect(readyIn(server, 'easy')).toBe(3)
  expect(model.requests).toHaveLength(23)
})

test('a full pool is handed over while the model says nothing, oldest first, each challenge once', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env })
  await server.generate('user_1')
  await filled(server, 'easy')
  const ready = (await titlesIn(server)).slice(1)
  model.author = () => never

  const users = ['user_1', 'user_2', 'user_3']
  const answers = []
  for (const user of users) answers.push(await server.generate(user))

  expect(answers.map(({ body }) => body.title)).toEqual(ready)
  expect(answers.map(({ body }) => body.source)).toEqual(['ai', 'ai', 'ai'])
  expect((await server.quota('user_2')).body.quota_remaining).toBe(49)
  expect(readyIn(server, 'easy')).toBe(0)
})

async function titlesIn(server: Server) {
  using database = server.database()
  return database
    .query<{ title: string }, []>('SELECT title FROM questions ORDER BY id')
    .all()
    .map(({ title }) => title)
}

test(
  'with a model that takes 400 ms, a hand-over from the pool takes less than that',
  async () => {
    await using model = startModel()
    await using server = await startServer({ model, env: { POOL_SIZE: '2' } })
    model.author = () => Bun.sleep(400).then(goodChallenge)
    const timed = async () => {
      const start = performance.now()
      expect((await server.generate('user_1')).status).toBe(200)
      return performance.now() - start
    }

    const generated = await timed()
    await filled(server, 'easy', 2)
    const fromPool = [await timed(), await timed()]

    expect(Math.max(...fromPool)).toBeLessThan(Math.min(generated, 400))
  },
  { retry: 2 },
)

test('when the model goes down the pool still serves, charged as ever, and then the bank', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env })
  await server.generate('user_1')
  await filled(server, 'easy')
  model.author = () => new Response('no', { status: 401 })

  const sources: string[] = []
  for (let request = 0; request < 4; request++) sources.push((await server.generate('user_1')).body.source)

  expect(sources).toEqual(['ai', 'ai', 'ai', 'bank'])
  expect((await server.quota('user_1')).body.quota_remaining).toBe(46)
})

test('a pooled challenge bears the moment of its hand-over, and is newest in the history', async () => {
  await using model = startModel()
  let now = Date.UTC(2026, 0, 1)
  await using server = await startServer({ model, env: { POOL_SIZE: '1' }, now: () => now })
  await server.generate('user_1', 'easy')
  await filled(server, 'easy', 1)
  now += 60_000
  const medium = await server.generate('user_1', 'medium')
  now += 60_000

  const pooled = await server.generate('user_1', 'easy')

  expect(pooled.body.timestamp).toBe(new Date(now).toISOString())
  const { challenges } = (await server.history('user_1')).body
  expect(challenges.map(({ id }) => id)).toEqual([pooled.body.id, medium.body.id, expect.any(Number)])
  expect(challenges[0]?.date_created).toBe(pooled.body.timestamp)
})

test('POOL_SIZE=0 keeps nothing ready', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { POOL_SIZE: '0' } })

  for (let request = 0; request < 3; request++) await server.generate('user_1')

  expect(model.requests).toHaveLength(3)
  expect(readyIn(server, 'easy')).toBe(0)
})
