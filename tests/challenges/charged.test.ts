import { expect, test } from 'bun:test'
import { oneAttempt } from '../support/authoring.ts'
import { startModel } from '../support/model.ts'
import { startServer } from '../support/server.ts'

test.each([
  ['a challenge by the model', true, 'ai'],
  ['a challenge of the bank in place of a failed generation', false, 'bank'],
])('%s says wherever it is answered whether it cost a credit', async (_, charged, source) => {
  await using model = startModel()
  if (!charged) model.author = () => new Response('down', { status: 500 })
  await using server = await startServer({ model, env: { QUOTA_INITIAL: '3' }, timings: oneAttempt })
  const once = { 'idempotency-key': 'once' }

  const { body: first } = await server.generate('user_1', 'easy', once)
  const { body: again } = await server.generate('user_1', 'easy', once)
  const { body: page } = await server.history('user_1')
  const { body: found } = await server.challenge('user_1', first.id)

  expect(first).toMatchObject({ source, charged })
  expect(again).toEqual(first)
  expect(page.challenges.map((one) => [one.id, one.charged])).toEqual([[first.id, charged]])
  expect(found.charged).toBe(charged)
  expect((await server.quota('user_1')).body.quota_remaining).toBe(charged ? 2 : 3)
})
