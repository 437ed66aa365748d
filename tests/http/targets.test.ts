import { expect, test } from 'bun:test'
import { origin, sessionToken } from '../support/clerk.ts'
import { portOf } from '../support/client.ts'
import { openConnection, parseResponse, rawRequest } from '../support/raw-http.ts'
import { useServer } from '../support/shared-server.ts'

const shared = useServer()

/** The answer to a raw request target, which a client that parses URLs would change. */
async function ask(target: string, { method = 'GET', host = 'localhost' } = {}) {
  using connection = await openConnection(portOf(shared()))
  const authorization = `Bearer ${await sessionToken('user_1')}`
  const headers: Record<string, string> = { authorization, origin, host, connection: 'close' }
  if (method === 'POST') headers['content-length'] = '0'
  connection.write(Buffer.from(rawRequest(method, target, headers), 'latin1'))
  await connection.ended
  return parseResponse(connection.received)
}

/** Ways to write a path that a URL parser takes for the path itself. */
const spellings: [name: string, spell: (path: string) => string][] = [
  ['a backslash behind a dot', (path) => `/.\\${path.slice(1)}`],
  ['backslashes around two dots', (path) => `/x\\..\\${path.slice(1)}`],
  ['a dot', (path) => `/.${path}`],
  ['two dots', (path) => `/x/..${path}`],
  ['an encoded dot', (path) => `/%2e${path}`],
  ['an encoded dot and a backslash', (path) => `/%2E\\${path.slice(1)}`],
  ['two encoded dots', (path) => `/x/%2e%2E${path}`],
  ['a half encoded pair of dots', (path) => `/x/.%2e${path}`],
  ['two dots behind another route', (path) => `/health/..${path}`],
  ['two backslashed dots behind another route', (path) => `/health\\..${path}`],
  ['six dots behind another route', (path) => `/api/quota//../../..${path}`],
  ['four dots behind a route in an absolute URL', (path) => `http://localhost/api/quota/../..${path}`],
  ['a backslash in an absolute URL', (path) => `http://localhost/.\\${path.slice(1)}`],
  ['a backslash at the end', (path) => `${path}\\`],
  ['a dot at the end', (path) => `${path}/.`],
  ['an encoded dot at the end', (path) => `${path}/%2e`],
  ['two dots at the end', (path) => `${path}/x/..`],
  ['two backslashed dots at the end', (path) => `${path}/x\\..`],
  ['a letter that is not ASCII', (path) => `/\u00e9/..${path}`],
]

test.each(spellings)('no route is reached by %s: the answer is 400', async (_, spell) => {
  const routes = shared().app.routes.filter(({ method }) => method === 'GET' || method === 'POST')
  expect(routes.length).toBeGreaterThan(8)
  for (const { path, method } of routes.filter(({ path }) => path !== '/')) {
    for (const end of ['', '/?x=1']) {
      // These targets have an empty segment, or name the route that a proxy would see.
      if (end.startsWith('/') && /[.\\]$/.test(spell(path))) continue
      if (spell('').startsWith(`${path}//`)) continue
      const target = spell(path) + end
      const { status, headers, body = '' } = (await ask(target, { method })) ?? {}
      expect([target, status]).toEqual([target, 400])
      expect(headers?.get('content-type')).toBe('application/problem+json')
      expect(headers?.get('x-request-id')).toBeTruthy()
      expect(headers?.get('access-control-allow-origin')).toBe(origin)
      expect(JSON.parse(body)).toMatchObject({ code: 'invalid_request' })
    }
  }
})

test.each([
  '/.',
  '/..',
  '/x/..',
  '/.\\',
  '\\',
  '/%2e',
  '//metrics',
  '///metrics',
  '/\\metrics',
  '/metrics//',
])('no route is reached by the target %s', async (target) => {
  expect([400, 404, 505]).toContain((await ask(target))?.status ?? 0)
})

test.each([
  '/met\trics',
  '/metrics\x01',
  '/metrics#',
  '#/metrics',
  '/metrics%00',
  '/metrics%2f',
  '/metrics%5c',
])('no route is reached by the target %p with a special character', async (target) => {
  expect([400, 404, 505]).toContain((await ask(target))?.status ?? 0)
})

test.each([
  '/%6detrics',
  '/%6Detrics',
  '/x%5c..%5cmetrics',
  '/%5cmetrics',
  '/x/..%2fmetrics',
  '/..;/metrics',
  '/metrics;x',
])('the target %s with an encoded letter or slash is 404', async (target) => {
  expect((await ask(target))?.status).toBe(404)
})

test.each([
  '/metrics',
  '/metrics/',
  '/metrics?x=\\..\\y',
  '/metrics?/../',
  '/metrics/?%2e%2e',
  'http://localhost/metrics',
])('the target %s reaches its route', async (target) => {
  expect((await ask(target))?.status).toBe(200)
  expect((await ask(target, { method: 'HEAD' }))?.status).toBe(200)
  expect((await ask(target, { method: 'DELETE' }))?.status).toBe(405)
  expect((await ask(target, { method: 'PROPFIND' }))?.status).toBe(405)
})

test('the log has no control character of a path, whatever the host is', async () => {
  const server = shared()
  for (const host of ['localhost', 'a b'])
    for (const path of ['/wall/a\u00c2\u009b31m', '/wall/\u00e2\u0080\u00ae/b', '/wall/\u007f'])
      await ask(path, { host })

  const paths = server.lines.flatMap(({ path }) => (String(path).startsWith('/wall') ? [String(path)] : []))
  expect(paths).toHaveLength(6)
  for (const path of paths) expect(path).toMatch(/^[!-~…]+$/)
})

test('without a host no spelling reaches a route', async () => {
  for (const [, spell] of spellings.filter(([name]) => !name.includes('absolute'))) {
    const target = spell('/metrics')
    const { status, headers } = (await ask(target, { host: '' })) ?? {}
    expect([target, status]).toEqual([target, 404])
    expect(headers?.get('access-control-allow-origin')).toBe(origin)
  }
})

test('the Host header does not change the path of a request', async () => {
  const hosts = ['', 'a b', ...'localhost x ab a.b h:1 % x/y x?y x#y u:p@h a\\b [::1 \u00ff'.split(' ')]
  for (const host of hosts) {
    for (const length of [1, 7, 10, 11, 30]) {
      const path = `/${'0'.repeat(length)}/health`
      const { status } = (await ask(path, { host })) ?? {}
      expect([host, path, status]).toEqual([host, path, status === 400 ? 400 : 404])
    }
  }
})
