import { expect, expectTypeOf, test } from 'bun:test'
import { treaty } from '@elysiajs/eden'
import type { App } from '../../src/app.ts'
import { sessionToken } from '../support/clerk.ts'
import { goodChallenge, startModel } from '../support/model.ts'
import { type Server, startServer } from '../support/server.ts'

/** An Eden client: the application types its paths, arguments and answers. */
async function clientFor(server: Server, userId = 'user_1') {
  const headers = { authorization: `Bearer ${await sessionToken(userId)}` }
  return treaty<App>(server.url, { headers, parseDate: false })
}

test('the client types a challenge', async () => {
  await using server = await startServer()
  const client = await clientFor(server)

  const { data, error, status } = await client.api['generate-challenge'].post({ difficulty: 'hard' })

  expect({ status, error }).toEqual({ status: 200, error: null })
  if (data === null) throw new Error('There is no challenge.')
  expectTypeOf(data.id).toEqualTypeOf<number>()
  expectTypeOf(data.difficulty).toEqualTypeOf<'easy' | 'medium' | 'hard'>()
  expectTypeOf(data.options).toEqualTypeOf<string[]>()
  expectTypeOf(data.source).toEqualTypeOf<'ai' | 'bank'>()
  expectTypeOf(data.timestamp).toEqualTypeOf<string>()
  expect(data).toMatchObject({ difficulty: 'hard', source: 'bank' })
  expectTypeOf(data.correct_answer_id).toEqualTypeOf<number | null>()
  expect(data.options[data.correct_answer_id ?? -1]).toBeString()
})

test('the client leaves dates as text', async () => {
  await using server = await startServer()
  const client = await clientFor(server)

  const { data } = await client.api.quota.get()

  if (data === null) throw new Error('There is no quota.')
  expectTypeOf(data.quota_remaining).toEqualTypeOf<number>()
  expectTypeOf(data.next_reset_date).toEqualTypeOf<string>()
  expect(data.quota_remaining).toBe(50)
  expect(data.next_reset_date).toBeString()
})

test('with parseDate: false the client leaves times, and options that look like dates, as text', async () => {
  const dates = ['2024-02-30', '2024-03-01', '2024-02-29T00:00:00Z', 'Fri Mar 01 2024 00:00:00 GMT+0000']
  const [answer = '', ...distractors] = dates
  await using model = startModel()
  model.author = () => ({ ...goodChallenge(), answer, distractors })
  await using server = await startServer({ model })

  const { data } = await (await clientFor(server)).api['generate-challenge'].post({ difficulty: 'easy' })

  expect(data?.options.toSorted()).toEqual(dates.toSorted())
  expect(data?.timestamp).toBeString()
})

test('the client types the pages of the history', async () => {
  await using server = await startServer()
  const client = await clientFor(server)
  for (const difficulty of ['easy', 'medium', 'easy'] as const) {
    await client.api['generate-challenge'].post({ difficulty })
  }

  const first = await client.api['my-history'].get({ query: { limit: 1, difficulty: 'easy' } })
  const cursor = first.data?.next_cursor ?? ''
  const second = await client.api['my-history'].get({ query: { limit: '1', difficulty: 'easy', cursor } })

  expectTypeOf(first.data?.next_cursor).toEqualTypeOf<string | null | undefined>()
  expect(first.data?.challenges).toHaveLength(1)
  expect(second.data?.challenges[0]?.id).toBeLessThan(first.data?.challenges[0]?.id ?? 0)
  expect(second.data?.next_cursor).toBeNull()
})

test('the client types an error by its status, as problem details', async () => {
  await using server = await startServer({ env: { QUOTA_INITIAL: '0' } })
  const client = await clientFor(server)

  const { data, error } = await client.api['generate-challenge'].post({ difficulty: 'easy' })

  expect(data).toBeNull()
  if (error?.status !== 429) throw new Error(`The status is ${error?.status}.`)
  const problem = error.value
  expectTypeOf(problem.code).toEqualTypeOf<'quota_exhausted' | 'quota_in_flight'>()
  if (problem.code !== 'quota_exhausted') throw new Error(`The code is ${problem.code}.`)
  expectTypeOf(problem.detail).toEqualTypeOf<string>()
  expectTypeOf(problem.next_reset_date).toEqualTypeOf<string>()
  expect<object>(problem).toMatchObject({
    status: 429,
    code: 'quota_exhausted',
    title: 'Daily quota exceeded',
  })
})

test('without a session the client returns an error and no data', async () => {
  await using server = await startServer()

  const { data, error, status } = await treaty<App>(server.url, { parseDate: false }).api.quota.get()

  expect({ data, status }).toEqual({ data: null, status: 401 })
  expect<unknown>(error?.value).toMatchObject({
    code: 'unauthenticated',
    detail: expect.stringMatching(/\.$/),
  })
})

test('a request that the server would refuse does not compile', async () => {
  await using server = await startServer()
  const client = await clientFor(server)

  // @ts-expect-error: there is no such difficulty
  const wrong = await client.api['generate-challenge'].post({ difficulty: 'impossible' })
  // @ts-expect-error: a body is needed
  const missing = await client.api['generate-challenge'].post()
  // @ts-expect-error: there is no such difficulty to filter by
  const filter = await client.api['my-history'].get({ query: { difficulty: 'EASY' } })

  expect([wrong.status, missing.status, filter.status]).toEqual([400, 400, 400])
  // @ts-expect-error: there is no such path
  expect((await client.api.nothing.get()).status).toBe(404)
})

test('the client types the other routes', async () => {
  await using server = await startServer()
  const client = await clientFor(server)

  const health = await client.health.get()
  const ready = await client.ready.get()

  expectTypeOf(health.data).toEqualTypeOf<{ status: 'ok' } | null>()
  expect([health.data?.status, ready.data?.status]).toEqual(['ok', 'ok'])
})
