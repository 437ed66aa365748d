import { expect, test } from 'bun:test'
import { holdConnection } from '../../src/http/hold-connection.ts'
import { until } from '../support/async.ts'
import { sessionToken } from '../support/clerk.ts'
import { portOf } from '../support/client.ts'
import { goodChallenge, startModel } from '../support/model.ts'
import { openConnection, parseResponse, rawRequest } from '../support/raw-http.ts'
import { startServer } from '../support/server.ts'

async function generation() {
  const headers = {
    authorization: `Bearer ${await sessionToken('user_1')}`,
    'content-type': 'application/json',
  }
  return rawRequest('POST', '/api/generate-challenge', headers, '{"difficulty":"easy"}')
}

test.concurrent('a connection is kept open during a long generation, and has the idle time-out again afterwards', async () => {
  await using model = startModel()
  model.author = async () => {
    // Bun checks for idle connections every four seconds, which cannot be changed.
    await Bun.sleep(4500)
    return goodChallenge()
  }
  const env = { IDLE_TIMEOUT_SECONDS: '1', GENERATION_TIMEOUT_MS: '600000' }
  await using server = await startServer({ model, env })
  using idle = await openConnection(portOf(server))
  using half = await openConnection(portOf(server))
  for (const connection of [idle, half]) connection.write(await generation())
  for (const connection of [idle, half]) {
    await until(() => connection.received || connection.closed, 'an answer')
    expect(parseResponse(connection.received)?.status).toBe(200)
  }
  const start = performance.now()

  half.write((await generation()).slice(0, 60))

  await until(() => idle.closed && half.closed, 'both connections are closed')
  expect(performance.now() - start).toBeLessThan(9000)
})

test.concurrent('a connection is held longer than the longest time-out that Bun allows', async () => {
  await using server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    idleTimeout: 1,
    fetch: (request, server) =>
      holdConnection({ server, request, idleSeconds: 1, spanSeconds: 5 }, async () => {
        // Bun closes a connection with a time-out of five seconds at its second check, after eight seconds at most.
        await Bun.sleep(8500)
        return new Response('done')
      }),
  })
  using connection = await openConnection(portOf(server))
  connection.write(rawRequest('GET', '/'))

  await until(() => connection.received || connection.closed, 'an answer')

  expect(parseResponse(connection.received)?.body).toBe('done')
})

test.concurrent('IDLE_TIMEOUT_SECONDS is the time that an idle connection is kept', async () => {
  await using short = await startServer({ env: { IDLE_TIMEOUT_SECONDS: '4' } })
  await using long = await startServer({ env: { IDLE_TIMEOUT_SECONDS: '20' } })
  using first = await openConnection(portOf(short))
  using second = await openConnection(portOf(long))
  for (const connection of [first, second]) {
    connection.write(rawRequest('GET', '/health'))
    await until(() => connection.received, 'an answer')
  }

  await until(() => first.closed, 'the short one is closed', 15_000)

  expect(second.closed).toBe(false)
  second.write(rawRequest('GET', '/health'))
  await until(() => second.received.match(/HTTP\/1.1 200/g)?.length === 2, 'the long one still serves')
})
