import { expect, test } from 'bun:test'
import { origin } from '../support/clerk.ts'
import { namedProvocations, useProvocations } from '../support/every-status.ts'
import { useServer } from '../support/shared-server.ts'

const provoke = useProvocations()
const shared = useServer()

const listed = (headers: Headers, name: string) => headers.get(name)?.toLowerCase().split(/, */).toSorted()
const allowedHeaders = [
  ...['authorization', 'content-type', 'idempotency-key', 'x-request-id'],
  ...['traceparent', 'tracestate', 'baggage', 'sentry-trace'],
  ...['x-datadog-trace-id', 'x-datadog-parent-id', 'x-datadog-origin', 'x-datadog-sampling-priority'],
]

const foreign = [
  'null',
  '*',
  'https://evil.test',
  'https://localhost:5173',
  'https://localhost:5173.evil.test',
  'http://localhost:5173.evil.test',
  'http://localhost:5173/',
  'http://localhost:51730',
  'http://localhost:517',
  'http://localhost',
  'http://localhost:5175',
  'http://LOCALHOST:5173',
  'http://app.localhost:5173',
  'http://evil.test/http://localhost:5173',
  'http://localhost:5173@evil.test',
  'http://localhost:5173,http://localhost:5174',
  'http://localhost:5173 http://evil.test',
  'xhttp://localhost:5173',
  'localhost:5173',
  'http://127.0.0.1:5175',
  'http://[::1]:5173',
  'chrome-extension://http://localhost:5173',
  'constructor',
  'file://',
]

test.each(namedProvocations)('the front end may read %s, and no other origin may', async (_, provocation) => {
  const { status, headers } = await provoke(provocation, { origin })
  const foreign = await provoke(provocation, { origin: 'https://localhost:5173.evil.test' })

  expect([status, foreign.status]).toEqual([provocation.status, provocation.status])
  expect(headers.get('access-control-allow-origin')).toBe(origin)
  expect(listed(headers, 'access-control-expose-headers')).toEqual([
    'ratelimit',
    'ratelimit-policy',
    'retry-after',
    'x-request-id',
  ])
  expect(listed(headers, 'vary')).toContain('origin')
  expect(foreign.headers.get('access-control-allow-origin')).toBeNull()
  expect(listed(foreign.headers, 'vary')).toContain('origin')
})

test.each(foreign)('the origin %s is not allowed, neither for answers nor for preflights', async (other) => {
  const server = shared()
  const asked = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' }

  const answer = await server.fetch('/health', { headers: { origin: other } })
  const preflight = await server.fetch('/api/generate-challenge', {
    method: 'OPTIONS',
    headers: { ...asked, origin: other },
  })

  expect(answer.status).toBe(200)
  for (const { headers } of [answer, preflight]) {
    expect(headers.get('access-control-allow-origin')).toBeNull()
    expect(listed(headers, 'vary')).toContain('origin')
  }
})

test('an answer to a request without an origin has Vary: Origin', async () => {
  const server = shared()

  const { headers } = await server.fetch('/health')

  expect(headers.get('access-control-allow-origin')).toBeNull()
  expect(listed(headers, 'vary')).toContain('origin')
})

test.each<[request: string, path: string, asked: Record<string, string>]>([
  ['a generation', '/api/generate-challenge', { method: 'POST', headers: 'authorization,content-type' }],
  ['a look at the quota', '/api/quota', { method: 'GET', headers: 'authorization' }],
  ['no headers', '/api/quota', { method: 'GET' }],
  ['no headers, said aloud', '/api/quota', { method: 'GET', headers: '' }],
  ['headers in other letters', '/api/quota', { method: 'GET', headers: 'Authorization, X-Request-Id' }],
  ['headers that are not allowed', '/api/quota', { method: 'GET', headers: 'x-evil, cookie' }],
  ['a method that is not allowed', '/api/quota', { method: 'DELETE', headers: 'authorization' }],
  ['a path that is not there', '/api/nothing', { method: 'GET', headers: 'authorization' }],
  ['a slash at the end', '/api/quota/', { method: 'GET', headers: 'authorization' }],
])(
  'a preflight for %s gets the allowed methods and headers, not the requested ones',
  async (_, path, asked) => {
    const server = shared()
    const wishes = Object.entries(asked).map(
      ([name, wish]) => [`access-control-request-${name}`, wish] as const,
    )

    const { status, headers } = await server.fetch(path, {
      method: 'OPTIONS',
      headers: [['origin', origin], ...wishes] as [string, string][],
    })

    expect(status).toBeWithin(200, 205)
    expect(headers.get('access-control-allow-origin')).toBe(origin)
    expect(listed(headers, 'access-control-allow-methods')).toEqual(['get', 'post'])
    expect(listed(headers, 'access-control-allow-headers')).toEqual(allowedHeaders.toSorted())
  },
)
