import { afterAll, beforeAll, expect, test } from 'bun:test'
import { day, hour, iso, noon, second, startWithClock } from '../support/clock.ts'
import type { Server } from '../support/server.ts'

let shared: Awaited<ReturnType<typeof startWithClock>>
beforeAll(async () => {
  shared = await startWithClock()
})
afterAll(() => shared[Symbol.asyncDispose]())

/** The shared server at noon, without the quotas of other tests. */
function startAnew() {
  shared.clock.now = noon
  using database = shared.server.database()
  database.run('DELETE FROM challenge_quotas')
  return shared
}

/** Adds a quota without a limit, as the original's table has it. */
function addQuota(server: Server, remaining: number, lastReset: number) {
  using database = server.database()
  const insert = 'INSERT INTO challenge_quotas (user_id, quota_remaining, last_reset_date) VALUES (?, ?, ?)'
  database.run(insert, ['user_1', remaining, lastReset])
}

test.each<[span: string, elapsed: number, left: number]>([
  ['a moment', 1, 49],
  ['24 hours less a millisecond', day - 1, 49],
  ['24 hours', day, 10],
  ['24 hours and a millisecond', day + 1, 10],
  ['ten days', 10 * day, 10],
  ['ten years', 3653 * day, 10],
])('after %s (%d ms) the quota has %d credits', async (_, elapsed, left) => {
  const { server, clock, quota } = startAnew()
  await server.generate('user_1')

  clock.now += elapsed

  const reset = elapsed < day ? noon : noon + elapsed
  const expected = {
    quota_remaining: left,
    quota_limit: elapsed < day ? 50 : 10,
    last_reset_date: iso(reset),
    next_reset_date: iso(reset + day),
  }
  expect(await quota()).toMatchObject(expected)
  expect(await quota()).toMatchObject(expected)
  clock.now = reset + day - 1
  expect(await quota()).toMatchObject(expected)
})

test('a request for a challenge refills the quota first, and then charges it', async () => {
  await using setup = await startWithClock({ QUOTA_INITIAL: '1' })
  const { server, clock, quota } = setup
  await server.generate('user_1')
  clock.now = noon + day - 1
  expect((await server.generate('user_1')).status).toBe(429)

  clock.now = noon + day

  expect((await server.generate('user_1')).status).toBe(200)
  expect(await quota()).toMatchObject({
    quota_remaining: 9,
    quota_limit: 10,
    last_reset_date: iso(noon + day),
  })
})

test.each([0, 1, 9, 10, 11, 45, 5000])('the refill sets %d remaining credits to ten', async (left) => {
  const { server, quota } = startAnew()
  addQuota(server, left, noon - day)

  expect(await quota()).toMatchObject({
    quota_remaining: 10,
    quota_limit: 10,
    last_reset_date: iso(noon),
  })
})

test.each<[span: string, ahead: number, reset: number]>([
  ['an hour', hour, noon + hour],
  ['24 hours', day, noon + day],
  ['more than 24 hours', day + 1, noon],
  ['a year', 365 * day, noon],
])(
  'a last reset %s in the future causes no refill, and does not lock the user out',
  async (_, ahead, reset) => {
    const { server, clock, quota } = startAnew()
    addQuota(server, 4, noon + ahead)

    expect(await quota()).toMatchObject({ quota_remaining: 4, last_reset_date: iso(reset) })
    expect((await server.generate('user_1')).status).toBe(200)
    clock.now = reset + day - 1
    expect(await quota()).toMatchObject({ quota_remaining: 3, last_reset_date: iso(reset) })
    clock.now = reset + day
    expect(await quota()).toMatchObject({ quota_remaining: 10, last_reset_date: iso(reset + day) })
  },
)

test('a clock that goes back and forth refills the quota once', async () => {
  await using setup = await startWithClock({ QUOTA_INITIAL: '5', QUOTA_DAILY: '3' })
  const { server, clock, quota } = setup
  await server.generate('user_1')
  clock.now = noon + day
  expect(await quota()).toMatchObject({ quota_remaining: 3 })

  for (const time of [noon + day - second, noon, noon + 1, noon + day, noon + day + 1]) {
    clock.now = time
    expect(await quota()).toMatchObject({ quota_remaining: 3, last_reset_date: iso(noon + day) })
  }
  clock.now = noon
  expect((await server.generate('user_1')).status).toBe(200)
  expect(await quota()).toMatchObject({ quota_remaining: 2 })
})
