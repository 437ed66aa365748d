import { expect, test } from 'bun:test'
import { problems } from '../../src/problem.ts'
import { until } from '../support/async.ts'
import { sessionToken } from '../support/clerk.ts'
import { portOf } from '../support/client.ts'
import { readTables } from '../support/database.ts'
import { openConnection, parseResponse, rawRequest } from '../support/raw-http.ts'
import { type Server, startServer } from '../support/server.ts'

const connect = (server: Server) => openConnection(portOf(server))

/** Sends ten bytes a second until the server answers or closes, and returns the time in milliseconds. */
async function drip(connection: Awaited<ReturnType<typeof openConnection>>, byte: string) {
  const start = performance.now()
  const timer = setInterval(() => connection.write(byte), 100)
  try {
    await until(
      () => connection.closed || connection.received !== '',
      'the server answers or closes the connection',
    )
  } finally {
    clearInterval(timer)
  }
  return performance.now() - start
}

test.concurrent('a body that arrives too slowly is answered with 408', async () => {
  await using server = await startServer({ timings: { bodyMs: 500 } })
  using connection = await connect(server)
  const authorization = `Bearer ${await sessionToken('user_1')}`
  const headers = { authorization, 'content-type': 'application/json', 'content-length': '60000' }
  connection.write(rawRequest('POST', '/api/generate-challenge', headers))

  expect(await drip(connection, ' ')).toBeWithin(400, 8000)

  const answer = parseResponse(connection.received)
  expect(answer?.status).toBe(408)
  expect(answer?.headers.get('content-type')).toBe('application/problem+json')
  expect(JSON.parse(answer?.body ?? '{}')).toEqual(problems.bodyTimeout(500).toJSON())
  expect(readTables(server)).toEqual({ challenges: [], quotas: [] })
})

// Bun's time-out for headers cannot be set: ten seconds, rounded up to its next check.
test.concurrent('a connection whose headers arrive too slowly is closed', async () => {
  await using server = await startServer()
  using connection = await connect(server)
  connection.write('GET /health HTTP/1.1\r\nHost: localhost\r\nX-Long: ')

  await drip(connection, 'x')

  expect(connection.closed).toBe(true)
  expect(connection.received).not.toContain('200')
})

test.concurrent('a request is served beside 500 idle connections', async () => {
  await using server = await startServer()
  const idle = await Promise.all(Array.from({ length: 500 }, () => connect(server)))

  try {
    expect((await server.generate('user_1')).status).toBe(200)
    expect(idle.filter(({ closed }) => closed)).toHaveLength(0)
  } finally {
    for (const connection of idle) connection.destroy()
  }
})
