import { expect, setDefaultTimeout, test } from 'bun:test'
import { until } from '../support/async.ts'
import { sessionToken } from '../support/clerk.ts'
import { portOf } from '../support/client.ts'
import { readDatabase } from '../support/database.ts'
import { startModel, startPausedModel } from '../support/model.ts'
import { openConnection, rawRequest } from '../support/raw-http.ts'
import { type Server, startServer } from '../support/server.ts'

setDefaultTimeout(60_000)

const easy = '{"difficulty":"easy"}'

const untilGone = (server: Server) =>
  until(() => server.app.server?.pendingRequests === 0, 'the server sees that its clients have disconnected')

async function generation(user: string, more: Record<string, string> = {}) {
  const session = { authorization: `Bearer ${await sessionToken(user)}` }
  const headers = { ...session, 'content-type': 'application/json', ...more }
  return rawRequest('POST', '/api/generate-challenge', headers, easy)
}

test('a client that hangs up during a generation is not charged, and its challenge goes into the pool', async () => {
  await using model = startPausedModel()
  await using server = await startServer({ model })
  for (let n = 0; n < 20; n++) {
    using connection = await openConnection(portOf(server))
    connection.write(await generation(`user_${n}`))
    await until(() => model.calls('challenge') === n + 1, 'the challenge is being generated')
  }
  await untilGone(server)
  model.resume()
  await until(() => readDatabase(server.path).ready === 20, 'all 20 challenges are in the pool')
  expect(readDatabase(server.path).quotas.map(({ remaining }) => remaining)).toEqual(Array(20).fill(50))

  const answers = await Promise.all(Array.from({ length: 20 }, () => server.generate('user_1')))
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
  expect(model.calls('challenge')).toBe(20)
})

test('a request whose trailer arrives during the generation is refused, and its challenge goes into the pool', async () => {
  await using model = startPausedModel()
  await using server = await startServer({ model })
  using connection = await openConnection(portOf(server))
  const whole = await generation('user_1', { 'transfer-encoding': 'chunked' })
  const head = whole.replace(/content-length.*\r\n/, '').slice(0, -easy.length)
  connection.write(`${head}${easy.length.toString(16)}\r\n${easy}\r\n0\r\n`)
  await until(() => model.calls('challenge') === 1, 'the challenge is being generated')
  connection.write('X-Sum: 1\r\n\r\n')
  await until(() => connection.closed, 'the server closes the connection')
  model.resume()
  await until(() => readDatabase(server.path).ready === 1, 'the challenge is in the pool')
  expect(connection.received).toStartWith('HTTP/1.1 400')
  expect(readDatabase(server.path).quotas).toMatchObject([{ user: 'user_1', remaining: 50 }])
})

test('a client that hangs up finds its challenge under the idempotency key, charged once', async () => {
  await using model = startPausedModel()
  await using server = await startServer({ model })
  {
    using connection = await openConnection(portOf(server))
    connection.write(await generation('user_1', { 'idempotency-key': 'k1' }))
    await until(() => model.calls('challenge') === 1, 'the challenge is being generated')
  }
  await untilGone(server)
  model.resume()
  await until(() => readDatabase(server.path).owned.length === 1, 'the challenge is handed over')
  const { body } = await server.generate('user_1', 'easy', { 'idempotency-key': 'k1' })
  expect(readDatabase(server.path).owned).toMatchObject([{ id: body.id, user: 'user_1', key: 'k1' }])
  expect((await server.quota('user_1')).body.quota_remaining).toBe(49)
  expect(model.calls('challenge')).toBe(1)
})

test('a hang-up during the generation or the body is logged and counted as 499, without a warning', async () => {
  await using model = startPausedModel()
  await using server = await startServer({ model, env: { LOG_LEVEL: 'trace' } })
  const requests = () => server.lines.filter(({ path }) => path === '/api/generate-challenge')
  {
    using connection = await openConnection(portOf(server))
    connection.write(await generation('user_1'))
    await until(() => model.calls('challenge') === 1, 'the challenge is being generated')
  }
  await untilGone(server)
  model.resume()
  await until(() => requests().length === 1, 'the first request is logged')
  {
    using connection = await openConnection(portOf(server))
    connection.write((await generation('user_1')).slice(0, -5))
    await until(async () => (await server.fetch('/health')).ok, 'the body is being read')
  }
  await until(() => requests().length === 2, 'the second request is logged')

  expect(requests()).toMatchObject([
    { method: 'POST', status: 499, userId: 'user_1' },
    { method: 'POST', status: 499 },
  ])
  const metrics = await (await server.fetch('/metrics')).text()
  expect(metrics).toContain('_count{route="/api/generate-challenge",status="499"} 2')
  expect(server.lines.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([])
})

test('a client that hangs up before the end of its request is not charged and calls no model', async () => {
  await using model = startModel()
  await using server = await startServer({ model })
  const whole = await generation('user_1')
  for (const end of [60, -easy.length, -5]) {
    for (let n = 0; n < 30; n++) {
      using connection = await openConnection(portOf(server))
      connection.write(whole.slice(0, end))
      if (n % 2 === 0) await server.fetch('/health')
    }
  }
  expect((await server.quota('user_1')).body.quota_remaining).toBe(50)
  expect(readDatabase(server.path).owned).toEqual([])
  expect(server.lines.filter(({ level }) => level === 'error')).toEqual([])
  expect(model.requests).toEqual([])
})
