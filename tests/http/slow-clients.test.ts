import { expect, test } from 'bun:test'
import { problems } from '../../src/problem.ts'
import { sessionToken } from '../support/clerk.ts'
import { until } from '../support/process.ts'
import { openConnection, parseResponse, rawRequest } from '../support/raw-http.ts'
import { type Server, startServer } from '../support/server.ts'
import { contentsOf } from '../support/table-contents.ts'

const connect = ({ url }: Server) => openConnection(Number(new URL(url).port))

/** Sends a byte ten times a second until the server has had enough, and tells how long that took in milliseconds. */
async function drip(connection: Awaited<ReturnType<typeof openConnection>>, byte: string) {
  const start = performance.now()
  const timer = setInterval(() => connection.write(byte), 100)
  try {
    await until(() => connection.closed || connection.received !== '', 'the server to give up', 16_000)
  } finally {
    clearInterval(timer)
  }
  return performance.now() - start
}

test.concurrent('a body that trickles in is cut off with a 408 when its time is over', async () => {
  await using server = await startServer({ timings: { bodyMs: 500 } })
  using connection = await connect(server)
  const authorization = `Bearer ${await sessionToken('user_1')}`
  const headers = { authorization, 'content-type': 'application/json', 'content-length': '60000' }
  connection.write(rawRequest('POST', '/api/generate-challenge', headers))

  expect(await drip(connection, ' ')).toBeWithin(400, 5000)

  const answer = parseResponse(connection.received)
  expect(answer?.status).toBe(408)
  expect(answer?.headers.get('content-type')).toBe('application/problem+json')
  expect(JSON.parse(answer?.body ?? '{}')).toEqual(problems.bodyTimeout(500).toJSON())
  expect(contentsOf(server)).toEqual({ challenges: [], quotas: [] })
}, 20_000)

// The time is Bun's own and cannot be set: ten seconds, rounded up to its next sweep.
test.concurrent('headers that trickle in are cut off', async () => {
  await using server = await startServer()
  using connection = await connect(server)
  connection.write('GET /health HTTP/1.1\r\nHost: localhost\r\nX-Long: ')

  expect(await drip(connection, 'x')).toBeLessThan(15_000)

  expect(connection.closed).toBe(true)
  expect(connection.received).not.toContain('200')
}, 20_000)

test.concurrent('500 idle connections do not stop the 501st', async () => {
  await using server = await startServer()
  const idle = await Promise.all(Array.from({ length: 500 }, () => connect(server)))

  try {
    expect((await server.generate('user_1')).status).toBe(200)
    expect(idle.filter(({ closed }) => closed)).toHaveLength(0)
  } finally {
    for (const connection of idle) connection.destroy()
  }
}, 20_000)
