import { expect, test } from 'bun:test'
import { problems } from '../../src/problem.ts'
import { day, hour, iso, noon, second, startWithClock } from '../support/clock.ts'
import { readTables } from '../support/database.ts'
import { expectProblem } from '../support/problem-details.ts'
import type { Server } from '../support/server.ts'

test.each<[first: string, open: (server: Server) => Promise<{ status: number }>, left: number]>([
  ['a read of the quota', (server) => server.quota('user_1'), 50],
  ['a challenge', (server) => server.generate('user_1'), 49],
  ['a webhook delivery', (server) => server.deliver('user.created', 'user_1'), 50],
])('%s opens a full quota, and later requests and deliveries find it open', async (_, open, left) => {
  await using setup = await startWithClock()
  const { server, clock, quota } = setup

  expect((await open(server)).status).toBe(200)
  clock.now += hour

  expect((await server.deliver('user.created', 'user_1')).status).toBe(200)
  expect<object>(await quota()).toEqual({
    id: expect.any(Number),
    user_id: 'user_1',
    quota_remaining: left,
    quota_limit: 50,
    last_reset_date: iso(noon),
    next_reset_date: iso(noon + day),
    last_reset_data: iso(noon),
  })
  expect(readTables(server).quotas).toHaveLength(1)
})

test('concurrent deliveries, reads of the quota and challenges open one quota', async () => {
  await using setup = await startWithClock()
  const { server, quota } = setup

  const answers = await Promise.all([
    ...Array.from({ length: 10 }, () => server.deliver('user.created', 'user_1')),
    ...Array.from({ length: 10 }, () => server.quota('user_1')),
    ...Array.from({ length: 10 }, () => server.generate('user_1')),
  ])

  expect(answers.map(({ status }) => status)).toEqual(Array(30).fill(200))
  expect(readTables(server).quotas).toHaveLength(1)
  expect((await quota()).quota_remaining).toBe(40)
})

test('a challenge costs its user one credit, and other users no credit', async () => {
  await using setup = await startWithClock({ QUOTA_INITIAL: '3', QUOTA_DAILY: '2' })
  const { server, quota } = setup

  for (const left of [2, 1, 0]) {
    expect((await server.generate('user_1')).status).toBe(200)
    expect(await quota()).toMatchObject({ quota_remaining: left, quota_limit: 3 })
  }
  expect((await server.generate('user_1')).status).toBe(429)
  expect(await quota('user_2')).toMatchObject({ quota_remaining: 3, quota_limit: 3 })
})

test.each<[before: number, retryAfter: number]>([
  [day, 86_400],
  [hour + 1, 3601],
  [hour, 3600],
  [1500, 2],
  [second, 1],
  [1, 1],
])('%d ms before the reset, a user without credits is told to wait %d s', async (before, retryAfter) => {
  await using setup = await startWithClock({ QUOTA_INITIAL: '0' })
  const { server, clock, quota } = setup
  expect((await quota()).quota_remaining).toBe(0)
  clock.now = noon + day - before

  const answer = server.as('user_1', '/api/generate-challenge', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"difficulty":"easy"}',
  })

  const { headers, body } = await expectProblem(answer, 429, 'quota_exhausted')
  expect(headers.get('retry-after')).toBe(String(retryAfter))
  expect(body.next_reset_date).toBe(iso(noon + day))
  expect(body.next_reset_date).toBe((await quota()).next_reset_date)
})

test('a read of the history opens the quota', async () => {
  await using setup = await startWithClock()
  const { server, clock, quota } = setup
  expect((await server.history('user_1')).status).toBe(200)
  clock.now = noon + hour

  expect((await quota()).last_reset_date).toBe(iso(noon))
})

test.each([
  [24 * hour, '24 hours'],
  [24 * hour - 60_000, '23 hours and 59 minutes'],
  [24 * hour - 1, '24 hours'],
  [hour + 60_000, '1 hour and 1 minute'],
  [hour, '1 hour'],
  [2 * 60_000, '2 minutes'],
  [60_000, '1 minute'],
  [59_000, 'less than a minute'],
  [-1, 'less than a minute'],
])('the problem for a wait of %d ms announces new credits in %s', (ms, wait) => {
  expect(problems.quotaExhausted(noon + ms, noon).detail).toBe(
    `You have no credits left; new credits come in ${wait}.`,
  )
})
