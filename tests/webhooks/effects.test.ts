import { expect, test } from 'bun:test'
import { randomUUID } from 'node:crypto'
import { readyIn } from '../support/authoring.ts'
import { svixHeaders, userEvent } from '../support/clerk.ts'
import { startModel } from '../support/model.ts'
import { until } from '../support/process.ts'
import { type Server, startServer } from '../support/server.ts'
import { contentsOf } from '../support/table-contents.ts'

const success = { status: 200, body: { status: 'success' } }

/** Delivers the same message so many times at once. */
function deliverMany(server: Server, type: string, times: number) {
  const body = userEvent(type, 'user_1')
  const headers = svixHeaders(body, { id: `msg_${randomUUID()}` })
  const one = async () => {
    const answer = await server.fetch('/webhooks/clerk', { method: 'POST', headers, body })
    return { status: answer.status, body: await answer.json() }
  }
  return Promise.all(Array.from({ length: times }, one))
}

test('user.created opens the quota before it is acknowledged', async () => {
  const now = Date.parse('2026-11-24T12:00:00Z')
  await using server = await startServer({ env: { QUOTA_INITIAL: '7' }, now: () => now })

  expect(await server.deliver('user.created', 'user_1')).toMatchObject(success)

  expect(contentsOf(server).quotas).toMatchObject([
    { user_id: 'user_1', quota_remaining: 7, last_reset_date: now },
  ])
})

test('user.created delivered ten times at once and an eleventh time opens one quota', async () => {
  await using server = await startServer()

  const answers = await deliverMany(server, 'user.created', 10)

  expect([...answers, await server.deliver('user.created', 'user_1')]).toMatchObject(Array(11).fill(success))
  expect(contentsOf(server).quotas).toMatchObject([{ user_id: 'user_1', quota_remaining: 50 }])
})

test('user.created and the user’s first requests may come at the same moment', async () => {
  await using server = await startServer()

  const [answers, ...requests] = await Promise.all([
    deliverMany(server, 'user.created', 5),
    ...Array.from({ length: 5 }, () => server.generate('user_1')),
    ...Array.from({ length: 5 }, () => server.quota('user_1')),
  ])

  expect(answers).toMatchObject(Array(5).fill(success))
  expect(requests.map(({ status }) => status)).toEqual(Array(10).fill(200))
  expect(contentsOf(server).quotas).toMatchObject([{ user_id: 'user_1', quota_remaining: 45 }])
})

test('user.created after the first request gives back no credit, however late it is', async () => {
  let now = Date.parse('2026-11-24T12:00:00Z')
  await using server = await startServer({ now: () => now })
  await server.generate('user_1')
  await server.generate('user_1')
  const before = contentsOf(server)

  for (const late of [1000, 3_600_000, 22 * 3_600_000]) {
    now += late
    expect(await server.deliver('user.created', 'user_1')).toMatchObject(success)
  }

  expect(before.quotas).toMatchObject([{ quota_remaining: 48 }])
  expect(contentsOf(server)).toEqual(before)
})

test('user.deleted erases the challenges, quota and keys of that user, and nothing else', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { POOL_SIZE: '2' } })
  const key = { 'idempotency-key': 'order-1' }
  const erased = await server.generate('user_1', 'easy', key)
  const kept = await server.generate('user_2', 'easy', key)
  await until(() => readyIn(server, 'easy') === 2, 'the pool is full')
  const others = contentsOf(server).challenges.filter((row) => (row as { id: number }).id !== erased.body.id)

  expect(await server.deliver('user.deleted', 'user_1')).toMatchObject(success)

  expect(contentsOf(server)).toMatchObject({
    challenges: others,
    quotas: [{ user_id: 'user_2', quota_remaining: 49 }],
  })
  expect((await server.generate('user_2', 'easy', key)).body).toEqual(kept.body)
  const afresh = await server.generate('user_1', 'easy', key)
  expect(afresh.status).toBe(200)
  expect(afresh.body.id).not.toBe(erased.body.id)
  expect((await server.history('user_1')).body.challenges.map(({ id }) => id)).toEqual([afresh.body.id])
  expect((await server.quota('user_1')).body.quota_remaining).toBe(49)
})

test('user.deleted ten times at once, again, and of a user that never was, always succeeds', async () => {
  await using server = await startServer()
  await server.generate('user_1')

  const answers = await deliverMany(server, 'user.deleted', 10)

  answers.push(...(await deliverMany(server, 'user.deleted', 1)))
  expect([...answers, await server.deliver('user.deleted', 'user_2')]).toMatchObject(Array(12).fill(success))
  expect(contentsOf(server)).toEqual({ challenges: [], quotas: [] })
})

test('out of order, user.deleted before user.created succeeds, and a late user.created too', async () => {
  await using server = await startServer()

  for (const type of ['user.deleted', 'user.created', 'user.deleted', 'user.created', 'user.created']) {
    expect(await server.deliver(type, 'user_1')).toMatchObject(success)
  }

  expect(contentsOf(server).quotas).toMatchObject([{ user_id: 'user_1', quota_remaining: 50 }])
})

test('events of many users at once do not mix', async () => {
  await using server = await startServer()
  const users = Array.from({ length: 40 }, (_, n) => `user_${n}`)

  await Promise.all(users.map((user) => server.deliver('user.created', user)))
  await Promise.all(users.slice(20).map((user) => server.deliver('user.deleted', user)))

  const left = contentsOf(server).quotas.map((row) => (row as { user_id: string }).user_id)
  expect(left.sort()).toEqual(users.slice(0, 20).sort())
})
