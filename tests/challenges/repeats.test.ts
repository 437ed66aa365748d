import { expect, test } from 'bun:test'
import { toFingerprint } from '../../src/fingerprint.ts'
import { type Authored, goodChallenge, startModel } from '../support/model.ts'
import { startServer } from '../support/server.ts'

const users = (count: number) => Array.from({ length: count }, (_, n) => `user_${n}`)

test('a question that the model repeats is served once: six requests give six different challenges', async () => {
  await using model = startModel()
  await using server = await startServer({ model })
  const challenge = goodChallenge()
  model.author = () => challenge

  const titles: string[] = []
  const sources: string[] = []
  for (let request = 0; request < 6; request++) {
    const { body } = await server.generate('user_1')
    titles.push(body.title)
    sources.push(body.source)
  }

  expect(sources).toEqual(['ai', 'bank', 'bank', 'bank', 'bank', 'bank'])
  expect(new Set(titles).size).toBe(6)
  expect((await server.quota('user_1')).body.quota_remaining).toBe(49)
})

test('a question of the model goes to one user only', async () => {
  await using model = startModel()
  await using server = await startServer({ model })
  const challenge = goodChallenge()
  model.author = () => challenge

  expect((await server.generate('user_1', 'easy')).body.source).toBe('ai')
  expect((await server.generate('user_2', 'easy')).body.source).toBe('bank')
  expect((await server.generate('user_2', 'hard')).body.source).toBe('bank')
})

test('30 concurrent users get 30 different challenges', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { POOL_SIZE: '3' } })

  const answers = await Promise.all(users(30).map((user) => server.generate(user)))

  expect(answers.map(({ body }) => body.source)).toEqual(Array(30).fill('ai'))
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(30)
  expect(new Set(answers.map(({ body }) => body.title)).size).toBe(30)
})

test('a question that the model writes for 30 concurrent users is served once, and charged once', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { GENERATION_TIMEOUT_MS: '10000' } })
  const challenge = goodChallenge()
  const together = Promise.withResolvers<Authored>()
  model.author = () => {
    // All 30 generations have read the stored questions before the first challenge is handed over.
    if (model.requests.length === 30) together.resolve(challenge)
    return together.promise
  }

  const answers = await Promise.all(users(30).map((user) => server.generate(user)))
  const left = await Promise.all(users(30).map((user) => server.quota(user)))

  expect(answers.map(({ status }) => status)).toEqual(Array(30).fill(200))
  expect(answers.filter(({ body }) => body.title === challenge.question)).toHaveLength(1)
  expect(answers.filter(({ body }) => body.source === 'ai')).toHaveLength(1)
  expect(left.reduce((credits, { body }) => credits + body.quota_remaining, 0)).toBe(30 * 50 - 1)
})

test('a repeated question is logged as a repeat, and the author is asked for another question', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { TOPICS: 'sql' } })
  const first = goodChallenge()
  model.author = () => first
  await server.generate('user_1')
  model.author = () =>
    model.requests.length === 2
      ? { ...first, question: ` ${first.question.toUpperCase()} ` }
      : goodChallenge()

  const { body } = await server.generate('user_1')

  expect(body.source).toBe('ai')
  expect(body.title).not.toBe(first.question)
  expect(server.lines).toContainEqual(expect.objectContaining({ reason: 'repeat' }))
})

test('a repeated question costs no review', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { REVIEW: 'on', TOPICS: 'sql' } })
  const challenge = goodChallenge()
  model.author = () => challenge

  await server.generate('user_1')
  await server.generate('user_1')

  expect([model.calls('challenge'), model.calls('review')]).toEqual([4, 1])
})

const question = 'What does `f` print?'
const code = 'log(f(1))\n  // Twice'

test.each([
  ['case', 'what DOES `F` Print?', code],
  ['space', '  What  does\n`f`\u00a0print? ', code],
  ['closing punctuation', 'What does `f` print', code],
  ['other closing punctuation', 'What does `f` print ?!', code],
  ['the width of letters', 'Ｗhat does `f` print？', code],
])('a question that differs in %s has the same fingerprint', (_, text, itsCode) => {
  expect(toFingerprint(text, itsCode)).toBe(toFingerprint(question, code))
})

test.each([
  ['its words', 'What does `g` print?', code],
  ['its code', question, 'log(f(2))\n  // Twice'],
  ['the case of its code', question, 'log(F(1))\n  // Twice'],
  ['the end of its code', question, `${code}?`],
  ['having no code', question, null],
  ['an operator at its end', 'What does `f` print -', code],
  ['where the question ends and the code begins', 'What does `f` print? log(f(1))', ' // Twice'],
])('a question that differs in %s has another fingerprint', (_, text, itsCode) => {
  expect(toFingerprint(text, itsCode)).not.toBe(toFingerprint(question, code))
})
