import { expect, test } from 'bun:test'
import { renameSync } from 'node:fs'
import { svixHeaders, userEvent } from '../support/clerk.ts'
import { readTables } from '../support/database.ts'
import { expectProblem } from '../support/problem-details.ts'
import { type Server, startServer } from '../support/server.ts'

const success = { status: 200, body: { status: 'success' } }

function deliver(server: Server, type: string, userId: string) {
  const body = userEvent(type, userId)
  return server.fetch('/webhooks/clerk', { method: 'POST', headers: svixHeaders(body), body })
}

test('while the database is out of reach deliveries are refused with 503, and afterwards they succeed', async () => {
  await using server = await startServer()
  await server.generate('user_1')
  const before = readTables(server)
  renameSync(server.path, `${server.path}.away`)

  for (const [type, userId] of [
    ['user.created', 'user_2'],
    ['user.deleted', 'user_1'],
  ] as const) {
    const { headers } = await expectProblem(deliver(server, type, userId), 503, 'unavailable')
    expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
  }
  renameSync(`${server.path}.away`, server.path)
  expect(readTables(server)).toEqual(before)

  expect(await server.deliver('user.created', 'user_2')).toMatchObject(success)
  expect(await server.deliver('user.deleted', 'user_1')).toMatchObject(success)
  expect(readTables(server)).toMatchObject({
    challenges: [],
    quotas: [{ user_id: 'user_2', quota_remaining: 50 }],
  })
})

test('a delivery waits for the lock of another program, and other requests are served', async () => {
  await using server = await startServer()
  using other = server.database()
  other.run('BEGIN EXCLUSIVE')
  const waiting = server.deliver('user.created', 'user_1')
  for (let i = 0; i < 20; i++) expect((await server.fetch('/health')).status).toBe(200)
  expect(Bun.peek.status(waiting)).toBe('pending')

  other.run('ROLLBACK')

  expect(await waiting).toMatchObject(success)
  expect(readTables(server).quotas).toMatchObject([{ user_id: 'user_1' }])
})

test('a delivery whose effect fails is answered with 500 without internals, and changes no row', async () => {
  await using server = await startServer()
  await server.generate('user_1')
  const before = readTables(server)
  using operator = server.database()
  operator.run('ALTER TABLE challenge_quotas RENAME TO put_away')

  for (const [type, userId] of [
    ['user.created', 'user_2'],
    ['user.deleted', 'user_1'],
  ] as const) {
    const { body } = await expectProblem(deliver(server, type, userId), 500, 'internal')
    expect(JSON.stringify(body)).not.toMatch(/sql|table|challenge_quotas|user_/i)
  }

  operator.run('ALTER TABLE put_away RENAME TO challenge_quotas')
  expect(readTables(server)).toEqual(before)
  expect(await server.deliver('user.created', 'user_2')).toMatchObject(success)
  expect(await server.deliver('user.deleted', 'user_1')).toMatchObject(success)
  expect(readTables(server)).toMatchObject({ challenges: [], quotas: [{ user_id: 'user_2' }] })
})
