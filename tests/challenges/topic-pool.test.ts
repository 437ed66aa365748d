import { expect, setDefaultTimeout, test } from 'bun:test'
import { until } from '../support/async.ts'
import { addChallenges } from '../support/database.ts'
import { goodChallenge, startModel } from '../support/model.ts'
import { type Server, startServer } from '../support/server.ts'

setDefaultTimeout(60_000)

/** The levels of the pool that are not zero, as `GET /metrics` shows them. */
async function readLevels(server: Server) {
  const text = await (await server.fetch('/metrics')).text()
  const levels = text.matchAll(/^pool_ready_challenges\{difficulty="(\w+)",topic="([\w-]+)"\} (\d+)$/gm)
  return Object.fromEntries(
    [...levels]
      .filter(([, , , count]) => count !== '0')
      .map(([, difficulty, topic, count]) => [`${difficulty} ${topic}`, Number(count)]),
  )
}

const filled = async (server: Server, expected: Record<string, number>) => {
  let levels = {}
  await until(
    async () => {
      levels = await readLevels(server)
      return JSON.stringify(levels) === JSON.stringify(expected)
    },
    `the pool has ${JSON.stringify(expected)}`,
  )
  expect(levels).toEqual(expected)
}

test('the pool is filled for the topic that was asked for, and for no other', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { POOL_SIZE: '2' } })

  await server.generateOn('user_1', 'rust')
  await filled(server, { 'easy rust': 2 })
  await server.generateOn('user_1', 'sql', 'hard')
  await filled(server, { 'easy rust': 2, 'hard sql': 2 })
  await until(() => model.active === 0, 'the filler is idle')
  const calls = model.requests.length

  // The model does not answer any more: the pool alone serves.
  model.author = () => new Promise(() => undefined)
  const answers = [await server.generateOn('user_2', 'rust'), await server.generateOn('user_3', 'rust')]

  expect(calls).toBe(6)
  expect(answers.map(({ body }) => [body.topic, body.source])).toEqual(Array(2).fill(['rust', 'ai']))
})

test('a request without a topic gets any question of the pool, and a full pool of topics needs no more', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { POOL_SIZE: '2' } })
  await server.generateOn('user_1', 'rust')
  await filled(server, { 'easy rust': 2 })
  await server.generateOn('user_1', 'sql')
  await filled(server, { 'easy rust': 2, 'easy sql': 2 })
  await until(() => model.active === 0, 'the filler is idle')
  const calls = model.requests.length

  const { body } = await server.generate('user_2')
  await until(() => model.active === 0, 'the filler is idle')

  expect([body.topic, body.source]).toEqual(['rust', 'ai'])
  // Three questions are left for a request without a topic.
  expect(model.requests).toHaveLength(calls)
  expect(await readLevels(server)).toEqual({ 'easy rust': 1, 'easy sql': 2 })
})

test('a topic that is not in the pool is generated, while the pool has others', async () => {
  await using model = startModel()
  await using server = await startServer({ model })
  addChallenges(server, [
    { topic: 'sql', createdBy: null },
    { topic: null, createdBy: null },
  ])
  model.author = () => goodChallenge()

  const { body } = await server.generateOn('user_1', 'go')

  expect(body.topic).toBe('go')
  expect(model.requests).toHaveLength(1)
  expect(await readLevels(server)).toEqual({ 'easy sql': 1, 'easy none': 1 })
})

test('questions on topics that are no longer offered stay in the pool', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { TOPICS: 'python,git' } })
  const waiting = ['sql', 'git', null, 'cobol', 'python'].map((topic, n) => ({
    topic,
    createdBy: null,
    date: n,
  }))
  addChallenges(server, waiting)

  const answers = [await server.generateOn('user_1', 'python')]
  for (let request = 0; request < 2; request++) answers.push(await server.generate('user_1'))

  expect(answers.map(({ body }) => body.topic)).toEqual(['python', 'git', null])
  expect(model.requests).toHaveLength(0)
  expect(['python', 'git']).toContain((await server.generate('user_1')).body.topic ?? '')
  expect(model.requests).toHaveLength(1)
})
