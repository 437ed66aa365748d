import { expect, test } from 'bun:test'
import { until } from '../support/async.ts'
import { day, noon } from '../support/clock.ts'
import { readTables } from '../support/database.ts'
import { goodChallenge, startModel } from '../support/model.ts'
import { type Server, startServer } from '../support/server.ts'

/** Sends `count` requests of a user at once, and counts the codes of the answers; a challenge counts as `granted`. */
async function ask(server: Server, count: number, userId = 'user_1') {
  const answers = await Promise.all(Array.from({ length: count }, () => server.generate(userId)))
  const tally: Record<string, number> = {}
  for (const { status, problem } of answers) {
    expect([200, 429]).toContain(status)
    const name = problem?.code ?? 'granted'
    tally[name] = (tally[name] ?? 0) + 1
  }
  const ids = answers.filter(({ status }) => status === 200).map(({ body }) => body.id)
  expect(new Set(ids).size).toBe(ids.length)
  return { granted: 0, quota_exhausted: 0, quota_in_flight: 0, ...tally }
}

test('1 000 parallel requests with one credit give one challenge, 999 refusals and one model call', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { QUOTA_INITIAL: '1' } })

  const { granted, quota_exhausted, quota_in_flight } = await ask(server, 1000)

  expect({ granted, refused: quota_exhausted + quota_in_flight }).toEqual({ granted: 1, refused: 999 })
  expect(model.requests).toHaveLength(1)
  expect(readTables(server)).toMatchObject({
    challenges: [{ created_by: 'user_1', source: 'ai' }],
    quotas: [{ user_id: 'user_1', quota_remaining: 0 }],
  })
})

test.each<[source: string, left: number, withModel: boolean]>([
  ['the bank', 45, false],
  ['the model', 0, true],
])(
  '100 parallel requests at the reset get ten challenges of %s, though %d credits were left',
  async (_, left, withModel) => {
    await using model = startModel()
    let now = noon
    await using server = await startServer({
      ...(withModel && { model }),
      now: () => now,
      env: { QUOTA_INITIAL: `${left}` },
    })
    await server.quota('user_1')
    now += day

    const { granted, quota_exhausted, quota_in_flight } = await ask(server, 100)

    expect({ granted, refused: quota_exhausted + quota_in_flight }).toEqual({ granted: 10, refused: 90 })
    expect(readTables(server)).toMatchObject({ quotas: [{ quota_remaining: 0, last_reset_date: now }] })
    expect(readTables(server).challenges).toHaveLength(10)
    expect(model.peak).toBeLessThanOrEqual(10)
  },
)

test('100 parallel reads of the quota at the reset refill it once', async () => {
  let now = noon
  await using server = await startServer({ now: () => now })
  await server.quota('user_1')
  now += day

  const looks = await Promise.all(Array.from({ length: 100 }, () => server.quota('user_1')))

  expect(new Set(looks.map(({ body }) => JSON.stringify(body))).size).toBe(1)
  expect(looks[0]?.body).toMatchObject({ quota_remaining: 10, last_reset_date: new Date(now).toISOString() })
})

test('while generations use the last credits, further requests are refused with quota_in_flight', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { QUOTA_INITIAL: '2' } })
  const held = Promise.withResolvers<void>()
  model.author = () => held.promise.then(goodChallenge)

  const first = ask(server, 2)
  await until(() => model.active === 2, 'two generations are in flight')
  const { status, headers, problem } = await server.generate('user_1')
  const more = await ask(server, 20)
  const other = server.generate('user_2')
  await until(() => model.active === 3, 'a generation of another user is in flight')
  held.resolve()

  expect({ status, code: problem?.code }).toEqual({ status: 429, code: 'quota_in_flight' })
  expect(headers.get('content-type')).toBe('application/problem+json')
  expect(headers.get('retry-after')).toMatch(/^[12]$/)
  expect(more).toEqual({ granted: 0, quota_exhausted: 0, quota_in_flight: 20 })
  expect(await first).toEqual({ granted: 2, quota_exhausted: 0, quota_in_flight: 0 })
  expect((await other).status).toBe(200)
  expect(await ask(server, 5)).toEqual({ granted: 0, quota_exhausted: 5, quota_in_flight: 0 })
  expect(model.requests).toHaveLength(3)
})

test('a credit whose generation failed serves the next request', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { QUOTA_INITIAL: '1' } })
  model.author = () => ({ nonsense: true })

  expect(await server.generate('user_1')).toMatchObject({ status: 200, body: { source: 'bank' } })
  expect((await server.quota('user_1')).body.quota_remaining).toBe(1)
  model.author = goodChallenge

  expect(await server.generate('user_1')).toMatchObject({ status: 200, body: { source: 'ai' } })
  expect((await server.quota('user_1')).body.quota_remaining).toBe(0)
})
