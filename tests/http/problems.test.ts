import { expect, test } from 'bun:test'
import { namedProvocations, useProvocations } from '../support/every-status.ts'
import { expectProblem } from '../support/problem-details.ts'
import { useServer } from '../support/shared-server.ts'

const provoke = useProvocations()
const shared = useServer()

const problems = namedProvocations.filter(([, { code }]) => code !== undefined)

test.each(problems)('%s is told as problem details', async (_, provocation) => {
  const { status, code = 'internal' } = provocation

  const { headers, body } = await expectProblem(await provoke(provocation), status, code)

  expect(body.detail).not.toMatch(/SQL|sqlite|constraint|no such table|Error:|\bat \/|node_modules|\.ts\b/i)
  expect(headers.get('www-authenticate')).toBe(code === 'unauthenticated' ? 'Bearer' : null)
  if ([429, 503].includes(status)) expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
})

test('each code has a type and a title of its own, the same whatever the request', async () => {
  const kinds = new Map<string, Set<string>>()
  for (const [, provocation] of problems) {
    const { code, type, title } = await (await provoke(provocation)).json()
    kinds.set(code, (kinds.get(code) ?? new Set()).add(`${type} ${title}`))
  }

  const types = [...kinds.values()]
  expect(types.every((one) => one.size === 1)).toBe(true)
  expect(new Set(types.flatMap((one) => [...one])).size).toBe(kinds.size)
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
])('there is nothing at %s, whatever the method', async (path) => {
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
  '%s takes %p alone, and says so before it asks who calls',
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

test.each(Object.entries(routes))('%s answers to %p, with a slash at its end too', async (path, allowed) => {
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

test('no route that is ever added takes a method that it does not name', async () => {
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

test('HEAD is GET without its body', async () => {
  const server = shared()

  const head = await server.as('user_1', '/api/quota', { method: 'HEAD' })

  expect(head.status).toBe(200)
  expect(head.headers.get('content-type')).toStartWith('application/json')
  expect(await head.text()).toBe('')
})

test.each(['//api/quota', '/api/quota/', '/api/./quota', '/api/x/../quota', '/%61pi/quota'])(
  'no spelling of a path is a way around the session: %s',
  async (path) => {
    const server = shared()
    expect([401, 404]).toContain((await server.fetch(path)).status)
  },
)
