import { expect, test } from 'bun:test'
import { startModel } from '../support/model.ts'
import { startServer } from '../support/server.ts'

test('a challenge is handed over in the contract’s shape, and charged', async () => {
  await using model = startModel()
  await using server = await startServer({ model })

  const { status, body } = await server.generate('user_1', 'medium')

  expect(status).toBe(200)
  expect<object>(body).toEqual({
    id: expect.any(Number),
    difficulty: 'medium',
    title: expect.stringMatching(/^What is \d+ plus \d+\?$/),
    options: [expect.any(String), expect.any(String), expect.any(String), expect.any(String)],
    correct_answer_id: expect.any(Number),
    explanation: expect.any(String),
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    source: 'ai',
  })
  expect(body.explanation).toEndWith(`gives ${body.options[body.correct_answer_id]}.`)
  expect((await server.quota('user_1')).body.quota_remaining).toBe(49)
})

test('60 parallel requests with 7 credits give 7 challenges, 53 refusals, and at most 7 model calls at once', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { QUOTA_INITIAL: '7', REVIEW: 'on', POOL_SIZE: '3' } })

  const answers = await Promise.all(Array.from({ length: 60 }, () => server.generate('user_1')))

  expect(answers.filter(({ status }) => status === 200)).toHaveLength(7)
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(53)
  expect(model.peak).toBeLessThanOrEqual(7)
  expect(new Set(answers.filter(({ status }) => status === 200).map(({ body }) => body.id)).size).toBe(7)
  expect((await server.quota('user_1')).body.quota_remaining).toBe(0)
})
