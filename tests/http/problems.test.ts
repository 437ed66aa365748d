import { expect, test } from 'bun:test'
import { problemKinds } from '../../src/problem-kinds.ts'
import { namedProvocations, useProvocations } from '../support/every-status.ts'
import { expectProblem } from '../support/problem-details.ts'
import { useServer } from '../support/shared-server.ts'

const provoke = useProvocations()
const shared = useServer()

const problems = namedProvocations.filter(([, { code }]) => code !== undefined)

test.each(problems)('%s has problem details without internals', async (_, provocation) => {
  const { status, code = 'internal' } = provocation

  const { headers, body } = await expectProblem(await provoke(provocation), status, code)

  expect(body.detail).not.toMatch(/SQL|sqlite|constraint|no such table|Error:|\bat \/|node_modules|\.ts\b/i)
  expect(headers.get('www-authenticate')).toBe(code === 'unauthenticated' ? 'Bearer' : null)
  if ([429, 503].includes(status)) expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
})

test('each problem code has its own title', () => {
  const titles = Object.values(problemKinds).map(({ title }) => title)

  expect(new Set(titles).size).toBe(titles.length)
})

test.each([
  '/nothing',
  '/api',
  '/api/',
  '/api/nothing',
  '/API/quota',
  '/api/Quota',
  '/api/quota/1',
  '/api//quota',
  '/api/quota//',
  '/api/quota%00',
  '/api/quota%20',
  '/api/quota;a=b',
  '/api%2fquota',
  '/api/./nothing',
  '/api/%2e%2e/nothing',
  '/webhooks',
  '/webhooks/clerk/1',
  '/%',
  '/%c0%af',
  '/%00',
  '/..%2f..%2fetc%2fpasswd',
  '/.env',
  '/favicon.ico',
  '/__proto__',
  '/constructor',
  `/${'a'.repeat(10 * 1024)}`,
])('%s is 404 with every method', async (path) => {
  const server = shared()

  for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
    await expectProblem(server.as('user_1', path, { method }), 404, 'not_found')
    await expectProblem(server.fetch(path, { method }), 404, 'not_found')
  }
})

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND']
const reads = ['GET', 'HEAD']
const routes: Record<string, string[]> = {
  '/api/generate-challenge': ['POST'],
  '/api/my-history': reads,
  '/api/quota': reads,
  '/webhooks/clerk': ['POST'],
  '/health': reads,
  '/ready': reads,
  '/metrics': reads,
  '/openapi': reads,
  '/openapi/json': reads,
}

test.each(Object.entries(routes))(
  '%s takes only %p, and answers other methods with 405 before it checks the session',
  async (path, allowed) => {
    const server = shared()

    for (const method of methods.filter((one) => !allowed.includes(one))) {
      for (const spelling of [path, `${path}/`, `${path}?limit=0`]) {
        const response = await server.fetch(spelling, {
          method,
          ...(!reads.includes(method) && { body: '{' }),
        })
        expect([method, spelling, response.status]).toEqual([method, spelling, 405])
        expect(response.headers.get('allow')?.split(', ').toSorted()).toEqual(allowed)
        if (method === 'HEAD') expect(await response.text()).toBe('')
        else await expectProblem(response, 405, 'method_not_allowed')
      }
    }
  },
)

test.each(Object.entries(routes))('%s answers to %p, also with a slash at its end', async (path, allowed) => {
  const server = shared()

  for (const method of allowed) {
    for (const spelling of [path, `${path}/`]) {
      const { status } = await server.as('user_1', spelling, { method })
      expect([method, spelling, status]).toEqual([
        method,
        spelling,
        method === 'POST' ? expect.any(Number) : 200,
      ])
      expect([404, 405, 500]).not.toContain(status)
    }
  }
})

test('every route answers methods that it does not name with 405', async () => {
  const server = shared()
  const paths = Map.groupBy(
    server.app.routes.filter(({ method }) => method !== 'OPTIONS'),
    ({ path }) => path,
  )

  for (const [path, known] of paths) {
    const response = await server.fetch(path, { method: 'DELETE' })
    expect([path, response.status]).toEqual([path, 405])
    expect(response.headers.get('allow')).toContain(known[0]?.method ?? '')
  }
  expect(paths.size).toBeGreaterThanOrEqual(Object.keys(routes).length)
})

test.each(['//api/quota', '/api/quota/', '/api/./quota', '/api/x/../quota', '/%61pi/quota'])(
  'no spelling of a path avoids the session: %s',
  async (path) => {
    const server = shared()
    expect([401, 404]).toContain((await server.fetch(path)).status)
  },
)
