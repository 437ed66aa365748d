import { expect, test } from 'bun:test'
import { randomUUID } from 'node:crypto'
import { until } from '../support/async.ts'
import { svixHeaders, userEvent } from '../support/clerk.ts'
import { countReady, readTables } from '../support/database.ts'
import { startModel } from '../support/model.ts'
import { type Server, startServer } from '../support/server.ts'

const success = { status: 200, body: { status: 'success' } }

/** Delivers one message `times` times at once. */
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

  expect(readTables(server).quotas).toMatchObject([
    { user_id: 'user_1', quota_remaining: 7, last_reset_date: now },
  ])
})

test('a user.created delivered ten times at once and once more opens one quota', async () => {
  await using server = await startServer()

  const answers = await deliverMany(server, 'user.created', 10)

  expect([...answers, await server.deliver('user.created', 'user_1')]).toMatchObject(Array(11).fill(success))
  expect(readTables(server).quotas).toMatchObject([{ user_id: 'user_1', quota_remaining: 50 }])
})

test('a user.created after the first request gives back no credit', async () => {
  let now = Date.parse('2026-11-24T12:00:00Z')
  await using server = await startServer({ now: () => now })
  await server.generate('user_1')
  await server.generate('user_1')
  const before = readTables(server)

  for (const late of [1000, 3_600_000, 22 * 3_600_000]) {
    now += late
    expect(await server.deliver('user.created', 'user_1')).toMatchObject(success)
  }

  expect(before.quotas).toMatchObject([{ quota_remaining: 48 }])
  expect(readTables(server)).toEqual(before)
})

test('user.deleted erases the challenges, the quota and the keys of its user only', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { POOL_SIZE: '2' } })
  const key = { 'idempotency-key': 'order-1' }
  const erased = await server.generate('user_1', 'easy', key)
  const kept = await server.generate('user_2', 'easy', key)
  await until(() => countReady(server, 'easy') === 2, 'the pool is full')
  const others = readTables(server).challenges.filter((row) => (row as { id: number }).id !== erased.body.id)

  expect(await server.deliver('user.deleted', 'user_1')).toMatchObject(success)

  expect(readTables(server)).toMatchObject({
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

test('user.deleted succeeds ten times at once, once more, and for an unknown user', async () => {
  await using server = await startServer()
  await server.generate('user_1')

  const answers = await deliverMany(server, 'user.deleted', 10)

  answers.push(...(await deliverMany(server, 'user.deleted', 1)))
  expect([...answers, await server.deliver('user.deleted', 'user_2')]).toMatchObject(Array(12).fill(success))
  expect(readTables(server)).toEqual({ challenges: [], quotas: [] })
})

test('user.deleted and user.created succeed in any order', async () => {
  await using server = await startServer()

  for (const type of ['user.deleted', 'user.created', 'user.deleted', 'user.created', 'user.created']) {
    expect(await server.deliver(type, 'user_1')).toMatchObject(success)
  }

  expect(readTables(server).quotas).toMatchObject([{ user_id: 'user_1', quota_remaining: 50 }])
})

test('concurrent events of many users have their own effects', async () => {
  await using server = await startServer()
  const users = Array.from({ length: 40 }, (_, n) => `user_${n}`)

  await Promise.all(users.map((user) => server.deliver('user.created', user)))
  await Promise.all(users.slice(20).map((user) => server.deliver('user.deleted', user)))

  const left = readTables(server).quotas.map((row) => (row as { user_id: string }).user_id)
  expect(left.sort()).toEqual(users.slice(0, 20).sort())
})
