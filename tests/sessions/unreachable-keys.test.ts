import { expect, setDefaultTimeout, test } from 'bun:test'
import { until } from '../support/async.ts'
import { type ClerkApi, keySet, type RemoteServer, startClerkApi, startRemote } from '../support/clerk-api.ts'
import { readTables } from '../support/database.ts'
import { expectProblem } from '../support/problem-details.ts'

setDefaultTimeout(60_000)

const timings = { clerkTimeoutMs: 500, clerkCooldownMs: 50 }

const hangs = () => new Promise<Response>(() => undefined)

test.concurrent.each<[string, ClerkApi['answer']]>([
  ['hangs', hangs],
  ['answers 500', () => new Response('{}', { status: 500 })],
  ['answers 502 in HTML', () => new Response('<h1>Bad gateway</h1>', { status: 502 })],
  ['answers 429', () => Response.json({ errors: [{ code: 'too_many_requests' }] }, { status: 429 })],
  ['refuses our key', () => Response.json({ errors: [{ code: 'clerk_key_invalid' }] }, { status: 401 })],
  ['answers 200 in HTML', () => new Response('<h1>Welcome</h1>')],
  ['answers null', () => Response.json(null)],
  ['lists no key', () => keySet()],
  ['lists no key that signs', () => keySet({ kty: 'EC', crv: 'P-256', kid: 'ins_test', x: 'AA', y: 'AA' })],
])('while Clerk %s, sessions are answered with 503, and afterwards accepted', async (_, answer) => {
  await using clerk = startClerkApi()
  await using server = await startRemote(clerk, { timings })
  const good = clerk.answer
  clerk.answer = answer

  await expectUnavailable(server, clerk)

  clerk.answer = good
  expect((await server.ask()).status).toBe(200)
})

test.concurrent('while Clerk is down, sessions are answered with 503', async () => {
  await using clerk = startClerkApi()
  await using server = await startRemote(clerk, { timings })
  await clerk[Symbol.asyncDispose]()

  await expectUnavailable(server, clerk)
})

test.concurrent('while Clerk hangs, requests without a session are answered', async () => {
  await using clerk = startClerkApi()
  await using server = await startRemote(clerk, { timings })
  clerk.answer = hangs
  const waiting = server.ask()
  await until(() => clerk.requests.length > 0, 'Clerk is asked')

  expect((await server.fetch('/health')).status).toBe(200)
  await expectProblem(server.fetch('/api/quota'), 401, 'unauthenticated')

  expect(Bun.peek.status(waiting)).toBe('pending')
  await expectProblem(waiting, 503, 'unavailable')
})

/** Expects 503 within ten seconds, with Retry-After and without the secret key. */
async function expectUnavailable(server: RemoteServer, clerk: ClerkApi) {
  const started = performance.now()
  const { headers, body } = await expectProblem(server.ask(), 503, 'unavailable')

  expect(performance.now() - started).toBeLessThan(10_000)
  expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
  expect(JSON.stringify([body, server.lines])).not.toContain(clerk.secretKey)
  expect(readTables(server)).toEqual({ challenges: [], quotas: [] })
}
