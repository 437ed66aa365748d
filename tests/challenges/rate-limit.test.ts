import { expect, test } from 'bun:test'
import { createRateLimit } from '../../src/rate-limit-headers.ts'
import { until } from '../support/async.ts'
import { hour, noon, startWithClock } from '../support/clock.ts'
import { provocations, useProvocations } from '../support/every-status.ts'
import { startPausedModel } from '../support/model.ts'
import { loseDatabase } from '../support/refused-requests.ts'
import { startServer } from '../support/server.ts'

const provoke = useProvocations()

const read = ({ headers }: { headers: Headers }) => [
  headers.get('ratelimit-policy'),
  headers.get('ratelimit'),
]

test('the headers tell the credits after the request and the seconds until the reset', async () => {
  await using one = await startWithClock({ QUOTA_INITIAL: '2', QUOTA_DAILY: '3' })
  const { server, clock } = one
  const policy = '"daily";q=3;w=86400'
  expect(read(await server.quota('user_1'))).toEqual([policy, '"daily";r=2;t=86400'])
  clock.now = noon + hour - 1
  expect(read(await server.generate('user_1'))).toEqual([policy, '"daily";r=1;t=82801'])
  const key = { 'idempotency-key': 'k' }
  expect(read(await server.generate('user_1', 'easy', key))).toEqual([policy, '"daily";r=0;t=82801'])
  const exhausted = await server.generate('user_1')
  expect([exhausted.status, exhausted.headers.get('retry-after')]).toEqual([429, '82801'])
  expect(read(exhausted)).toEqual([policy, '"daily";r=0;t=82801'])
  clock.now = noon + 24 * hour - 1
  expect(read(await server.generate('user_1', 'easy', key))).toEqual([policy, '"daily";r=0;t=1'])
  clock.now = noon + 24 * hour
  expect(read(await server.generate('user_1'))).toEqual([policy, '"daily";r=2;t=86400'])
  const mismatch = await server.generate('user_1', 'hard', key)
  expect([mismatch.status, ...read(mismatch)]).toEqual([422, policy, '"daily";r=2;t=86400'])
})

test('a new user may have more credits than the daily ones', async () => {
  await using one = await startWithClock()
  expect(read(await one.server.generate('user_1'))).toEqual(['"daily";q=10;w=86400', '"daily";r=49;t=86400'])
})

test('a refusal because all credits are in flight has the headers too', async () => {
  await using model = startPausedModel()
  await using server = await startServer({ model, env: { QUOTA_INITIAL: '1' } })
  const first = server.generate('user_1')
  await until(() => model.active === 1, 'the challenge is being generated')
  const refused = await server.generate('user_1')
  expect(refused.problem?.code).toBe('quota_in_flight')
  expect(refused.headers.get('ratelimit')).toMatch(/^"daily";r=1;t=86\d{3}$/)
  model.resume()
  expect((await first).headers.get('ratelimit')).toMatch(/^"daily";r=0;t=86\d{3}$/)
})

test('a time is never negative', () => {
  const limit = createRateLimit(0)
  const credits = { remaining: 0, limit: 0, lastReset: noon - 48 * hour }
  expect(limit(credits, noon)).toEqual({
    'ratelimit-policy': '"daily";q=0;w=86400',
    ratelimit: '"daily";r=0;t=0',
  })
})

const unlooked = provocations.filter(({ code, path }) => {
  const looks = path === '/api/quota' || path === '/api/generate-challenge'
  return !looks || !['idempotency_mismatch', 'quota_exhausted', 'unavailable', undefined].includes(code)
})

test('an answer that did not look at the quota has no RateLimit headers', async () => {
  expect(unlooked.length).toBeGreaterThan(20)
  for (const provocation of unlooked) {
    expect([provocation.path, ...read(await provoke(provocation))]).toEqual([provocation.path, null, null])
  }
  await using server = await startServer()
  loseDatabase(server)
  expect(read(await server.generate('user_1'))).toEqual([null, null])
})
