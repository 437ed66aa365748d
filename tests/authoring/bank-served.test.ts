import { expect, setDefaultTimeout, test } from 'bun:test'
import { readBank } from '../../src/authoring/bank.ts'
import { expectFreeBankChallenge, oneAttempt } from '../support/authoring.ts'
import { startModel } from '../support/model.ts'
import { type Server, startServer } from '../support/server.ts'
import { useServer } from '../support/shared-server.ts'

const bank = await readBank()

setDefaultTimeout(60_000)

/** A server without a model. Each test has its own users. */
const shared = useServer({ env: { QUOTA_INITIAL: '1000' } })

const sizeOf = (difficulty: string) => bank.filter((entry) => entry.difficulty === difficulty).length

async function titles(server: Server, count: number, userId = 'user_1', difficulty = 'easy') {
  const served: string[] = []
  while (served.length < count) {
    const { status, body } = await server.generate(userId, difficulty)
    expect(status).toBe(200)
    expect(body).toMatchObject({ source: 'bank', difficulty })
    served.push(body.title)
  }
  return served
}

test.each(['easy', 'medium', 'hard'])(
  'without a model, a user gets each %s challenge once, then the one seen longest ago',
  async (difficulty) => {
    const user = `user_${difficulty}`
    const size = sizeOf(difficulty)

    const first = await titles(shared(), size, user, difficulty)
    const second = await titles(shared(), size + 5, user, difficulty)

    expect(new Set(first).size).toBe(size)
    expect(second).toEqual([...first, ...first.slice(0, 5)])
    expect((await shared().quota(user)).body.quota_remaining).toBe(1000 - 2 * size - 5)
  },
)

test('two users get the bank’s challenges in different orders', async () => {
  const [mine, yours] = [await titles(shared(), 20, 'user_mine'), await titles(shared(), 20, 'user_yours')]

  expect(mine).not.toEqual(yours)
})

test('a server whose clock stands still keeps the order of a user', async () => {
  await using server = await startServer({ env: { QUOTA_INITIAL: '1000' }, now: () => 1_800_000_000_000 })
  const size = sizeOf('easy')

  const first = await titles(server, size)

  expect(await titles(server, 5)).toEqual(first.slice(0, 5))
})

test('concurrent requests get different challenges', async () => {
  const answers = await Promise.all(Array.from({ length: 30 }, () => shared().generate('user_hurried')))

  expect(new Set(answers.map(({ body }) => body.title)).size).toBe(30)
  expect((await shared().quota('user_hurried')).body.quota_remaining).toBe(970)
})

test('while the model fails, a user gets each challenge of the bank once without charge, and then 503', async () => {
  await using model = startModel()
  await using server = await startServer({ model, timings: oneAttempt })
  model.author = () => new Response('no', { status: 500 })
  const seen = new Set<string>()
  for (let round = 0; round < sizeOf('easy'); round++) seen.add((await expectFreeBankChallenge(server)).title)

  const { status, headers, problem } = await server.generate('user_1')

  expect(seen.size).toBe(sizeOf('easy'))
  expect(status).toBe(503)
  expect(problem?.code).toBe('unavailable')
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await server.quota('user_1')).body.quota_remaining).toBe(50)
  // Other difficulties and other users still get challenges.
  await expectFreeBankChallenge(server, 'user_1', 'hard')
  await expectFreeBankChallenge(server, 'user_2', 'easy')
})

test('while the model fails, a user without credits gets no challenge of the bank', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { QUOTA_INITIAL: '0' } })
  model.author = () => new Response('no', { status: 500 })

  const { status } = await server.generate('user_1')

  expect(status).toBe(429)
  expect(model.requests).toHaveLength(0)
  expect((await server.history('user_1')).body.challenges).toEqual([])
})

test('a challenge of the bank is served unchanged, with its answer among its options', async () => {
  for (let round = 0; round < sizeOf('medium'); round++) {
    const { body } = await shared().generate('user_reader', 'medium')
    const entry = bank.find(({ question, code, language }) =>
      code === undefined
        ? body.title === question
        : body.title === `${question}\n\n\`\`\`${language}\n${code.trimEnd()}\n\`\`\``,
    )
    expect(entry?.answer).toBe(body.options[body.correct_answer_id] ?? '')
    expect(entry?.explanation).toBe(body.explanation)
    const distractors = entry?.distractors.map(({ text }) => text) ?? []
    expect(body.options.toSorted()).toEqual([entry?.answer ?? '', ...distractors].toSorted())
  }
})

test('with TOPICS the bank offers its questions of these topics, and 503 if it has none', async () => {
  await using server = await startServer({ env: { TOPICS: 'git,http' } })
  await using other = await startServer({ env: { TOPICS: 'swift' } })
  const offered = bank.filter(({ topic, difficulty }) => /^(git|http)$/.test(topic) && difficulty === 'easy')

  const served = await titles(server, offered.length)

  expect(new Set(served).size).toBe(offered.length)
  for (const title of served) expect(offered.some(({ question }) => title.startsWith(question))).toBe(true)
  expect((await other.generate('user_1')).status).toBe(503)
})
