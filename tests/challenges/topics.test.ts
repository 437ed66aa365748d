import { expect, setDefaultTimeout, test } from 'bun:test'
import { readBank } from '../../src/authoring/bank.ts'
import { type Topic, topicIds, topics } from '../../src/topics.ts'
import { oneAttempt } from '../support/authoring.ts'
import { startModel } from '../support/model.ts'
import { type Server, startServer } from '../support/server.ts'

const bank = await readBank()

setDefaultTimeout(60_000)

const named = (ids: readonly Topic[]) => ids.map((id) => ({ id, name: topics[id].name }))
const credits = async (server: Server) => (await server.quota('user_1')).body.quota_remaining
const inBank = (topic: string) => bank.filter((entry) => entry.topic === topic && entry.difficulty === 'easy')

test('the model writes on the topic that was asked for, and the history has that topic', async () => {
  await using model = startModel()
  await using server = await startServer({ model })

  for (const topic of ['kotlin', 'sql', 'data-structures', 'kotlin']) {
    expect((await server.generateOn('user_1', topic)).body).toMatchObject({ topic, source: 'ai' })
  }

  const prompts = model.requests.map(({ body }) => body.messages.map(({ content }) => content).join('\n'))
  expect(prompts.map((prompt) => prompt.includes('Kotlin'))).toEqual([true, false, false, true])
  const { challenges } = (await server.history('user_1', '?topic=kotlin')).body
  expect(challenges.map(({ topic }) => topic)).toEqual(['kotlin', 'kotlin'])
})

test('without a model, each challenge of the bank on a topic comes once, then the one seen longest ago', async () => {
  await using server = await startServer()
  const size = inBank('git').length
  const served: string[] = []
  for (let request = 0; request < size + 2; request++) {
    const { body } = await server.generateOn('user_1', 'git')
    expect(body).toMatchObject({ topic: 'git', difficulty: 'easy', source: 'bank', charged: true })
    served.push(body.title)
  }

  expect(new Set(served).size).toBe(size)
  expect(served.slice(size)).toEqual(served.slice(0, 2))
})

test('while the model fails, the bank serves the topic without charge, and then the answer is 503', async () => {
  await using model = startModel()
  await using server = await startServer({ model, timings: oneAttempt })
  model.author = () => new Response('no', { status: 500 })
  for (const _ of inBank('git')) {
    const { body } = await server.generateOn('user_1', 'git')
    expect(body).toMatchObject({ topic: 'git', source: 'bank', charged: false })
  }

  const { status, headers, problem } = await server.generateOn('user_1', 'git')

  expect([status, problem?.code]).toEqual([503, 'unavailable'])
  expect(problem?.detail).toBe(
    'There is nothing left on Git at this difficulty; choose another topic or difficulty, or try again later.',
  )
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  expect(headers.get('ratelimit')).toContain('r=50')
  expect(await credits(server)).toBe(50)
  expect(server.lines.filter(({ level }) => level === 'error')).toEqual([])
  // The bank has no question on Kotlin, and others on Git.
  expect((await server.generateOn('user_1', 'kotlin')).problem?.detail).toContain('nothing left on Kotlin')
  expect((await server.generateOn('user_1', 'git', 'hard')).status).toBe(200)
  expect((await server.generate('user_1')).status).toBe(200)
})

test.each([
  ['TOPICS=python,git,kotlin', { TOPICS: 'python,git,kotlin' }, ['python', 'git', 'kotlin']],
  ['all topics', {}, topicIds],
] as [string, Record<string, string>, Topic[]][])(
  'with %s the server offers exactly the topics of the row',
  async (_, env, ids) => {
    await using model = startModel()
    await using server = await startServer({ model, env })

    const { status, headers, body } = await server.topics('user_1')

    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(body.topics).toEqual(named(topicIds.filter((id) => ids.includes(id))))
    for (const { id } of body.topics) expect((await server.generateOn('user_1', id)).body.topic).toBe(id)
  },
)

test('without a model, only topics of the bank are offered', async () => {
  await using server = await startServer()
  const absent = topicIds.filter((id) => bank.every(({ topic }) => topic !== id))

  const { body } = await server.topics('user_1')

  expect(body.topics).toEqual(named(topicIds.filter((id) => !absent.includes(id))))
  for (const { id } of body.topics) {
    for (const difficulty of ['easy', 'medium', 'hard']) {
      const { body } = await server.generateOn(`user_${id}`, id, difficulty)
      expect(body).toMatchObject({ topic: id, difficulty })
    }
  }
  for (const topic of absent) expect((await server.generateOn('user_1', topic)).status).toBe(400)
})

test('a server that offers no topic lists none, and refuses every topic in words', async () => {
  await using server = await startServer({ env: { TOPICS: 'swift' } })

  expect((await server.topics('user_1')).body).toEqual({ topics: [] })
  for (const topic of ['swift', '', 'sql']) {
    const { status, problem } = await server.generateOn('user_1', topic)
    expect([status, problem?.detail]).toEqual([400, 'topic must be left out: this server offers no topic.'])
  }
})

test('a topic that is unknown or not offered is refused, and the answer names the offered ones', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { TOPICS: 'python,git' } })

  const values = [
    'sql',
    'brainfuck',
    '',
    'Python',
    'python ',
    'python|git',
    'git\n',
    null,
    7,
    true,
    ['git'],
    {},
  ]
  for (const topic of values) {
    const { status, problem } = await server.generateOn('user_1', topic)
    expect([topic, status, problem?.code]).toEqual([topic, 400, 'invalid_request'])
    expect(problem?.detail).toBe('topic must be one of: python, git.')
  }
  expect(model.requests).toHaveLength(0)
  expect(await credits(server)).toBe(50)
})
