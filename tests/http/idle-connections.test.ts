import { expect, test } from 'bun:test'
import { holdConnection } from '../../src/http/hold-connection.ts'
import { sessionToken } from '../support/clerk.ts'
import { goodChallenge, startModel } from '../support/model.ts'
import { until } from '../support/process.ts'
import { openConnection, parseResponse, rawRequest } from '../support/raw-http.ts'
import { startServer } from '../support/server.ts'

const portOf = ({ url }: { url: string | URL }) => Number(new URL(url).port)

async function generation() {
  const headers = {
    authorization: `Bearer ${await sessionToken('user_1')}`,
    'content-type': 'application/json',
  }
  return rawRequest('POST', '/api/generate-challenge', headers, '{"difficulty":"easy"}')
}

test.concurrent('a generation outlasts the idle time-out, which then holds again for the connection', async () => {
  await using model = startModel()
  model.author = async () => {
    // Bun looks for idle connections every four seconds.
    await Bun.sleep(4500)
    return goodChallenge()
  }
  const env = { IDLE_TIMEOUT_SECONDS: '1', GENERATION_TIMEOUT_MS: '600000' }
  await using server = await startServer({ model, env })
  using idle = await openConnection(portOf(server))
  using half = await openConnection(portOf(server))
  for (const connection of [idle, half]) connection.write(await generation())
  for (const connection of [idle, half]) {
    await until(() => connection.received || connection.closed, 'an answer', 15_000)
    expect(parseResponse(connection.received)?.status).toBe(200)
  }
  const start = performance.now()

  half.write((await generation()).slice(0, 60))

  await until(() => idle.closed && half.closed, 'both connections are closed', 12_000)
  expect(performance.now() - start).toBeLessThan(9000)
}, 40_000)

test.concurrent('a connection is held for longer than the longest time-out that is set for it', async () => {
  await using server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    idleTimeout: 1,
    fetch: (request, server) =>
      holdConnection({ server, request, idleSeconds: 1, spanSeconds: 5 }, async () => {
        // Five seconds end with the second sweep, after eight at the latest.
        await Bun.sleep(8500)
        return new Response('done')
      }),
  })
  using connection = await openConnection(portOf(server))
  connection.write(rawRequest('GET', '/'))

  await until(() => connection.received || connection.closed, 'an answer', 20_000)

  expect(parseResponse(connection.received)?.body).toBe('done')
}, 40_000)

test.concurrent('an idle connection is kept as long as the environment says', async () => {
  await using short = await startServer({ env: { IDLE_TIMEOUT_SECONDS: '4' } })
  await using long = await startServer({ env: { IDLE_TIMEOUT_SECONDS: '20' } })
  using first = await openConnection(portOf(short))
  using second = await openConnection(portOf(long))
  for (const connection of [first, second]) {
    connection.write(rawRequest('GET', '/health'))
    await until(() => connection.received, 'an answer')
  }

  await until(() => first.closed, 'the short one is closed', 9000)

  expect(second.closed).toBe(false)
  second.write(rawRequest('GET', '/health'))
  await until(() => second.received.match(/HTTP\/1.1 200/g)?.length === 2, 'the long one still serves')
}, 40_000)
