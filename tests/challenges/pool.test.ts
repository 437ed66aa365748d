import { expect, setDefaultTimeout, test } from 'bun:test'
import { until } from '../support/async.ts'
import { iso, noon } from '../support/clock.ts'
import { countReady } from '../support/database.ts'
import { goodChallenge, startModel } from '../support/model.ts'
import { type Server, startServer } from '../support/server.ts'

setDefaultTimeout(60_000)

const env = { POOL_SIZE: '3' }
const never = new Promise<never>(() => undefined)

const filled = (server: Server, difficulty: string, size = 3) =>
  until(() => countReady(server, difficulty) === size, `${size} ${difficulty} challenges are in the pool`)

test('the start and reads of quota and history call no model', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env })

  await server.quota('user_1')
  await server.history('user_1')
  await server.deliver('user.created', 'user_2')
  await server.fetch('/ready')

  expect(model.requests).toHaveLength(0)
})

test('after a hand-over only the pool of that difficulty is filled, up to its size', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env })

  for (let request = 0; request < 4; request++) await server.generate('user_1', 'medium')
  await filled(server, 'medium')
  await until(() => model.active === 0, 'the filler is idle')
  const calls = model.requests.length
  await server.quota('user_1')

  // Four challenges are handed over, and three wait in the pool.
  expect(calls).toBe(7)
  expect(model.requests).toHaveLength(7)
  expect(countReady(server, 'medium')).toBe(3)
  expect([countReady(server, 'easy'), countReady(server, 'hard')]).toEqual([0, 0])
})

test('concurrent claims never overfill the pool', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env })
  let most = 0
  model.author = async () => {
    await Bun.sleep(1)
    most = Math.max(most, countReady(server, 'easy'))
    return goodChallenge()
  }

  await Promise.all(Array.from({ length: 20 }, (_, user) => server.generate(`user_${user}`)))
  await filled(server, 'easy')
  await until(() => model.active === 0, 'the filler is idle')

  expect(most).toBeLessThanOrEqual(3)
  expect(countReady(server, 'easy')).toBe(3)
  expect(model.requests).toHaveLength(23)
})

test('a full pool serves while the model does not answer, oldest first, each challenge once', async () => {
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
  expect(countReady(server, 'easy')).toBe(0)
})

async function titlesIn(server: Server) {
  using database = server.database()
  return database
    .query<{ title: string }, []>('SELECT title FROM questions ORDER BY id')
    .all()
    .map(({ title }) => title)
}

test('when the model is down, the pool serves at the usual charge, and then the bank', async () => {
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

test('a challenge from the pool has the date of its hand-over, and is the newest in the history', async () => {
  await using model = startModel()
  let now = noon
  await using server = await startServer({ model, env: { POOL_SIZE: '1' }, now: () => now })
  await server.generate('user_1', 'easy')
  await filled(server, 'easy', 1)
  now += 60_000
  const medium = await server.generate('user_1', 'medium')
  now += 60_000

  const pooled = await server.generate('user_1', 'easy')

  expect(pooled.body.timestamp).toBe(iso(now))
  const { challenges } = (await server.history('user_1')).body
  expect(challenges.map(({ id }) => id)).toEqual([pooled.body.id, medium.body.id, expect.any(Number)])
  expect(challenges[0]?.date_created).toBe(pooled.body.timestamp)
})

test('POOL_SIZE=0 keeps no challenge in the pool', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { POOL_SIZE: '0' } })

  for (let request = 0; request < 3; request++) await server.generate('user_1')

  expect(model.requests).toHaveLength(3)
  expect(countReady(server, 'easy')).toBe(0)
})
