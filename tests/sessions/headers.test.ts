import { expect, test } from 'bun:test'
import { origin, secondsFromNow, sessionToken } from '../support/clerk.ts'
import { readTables } from '../support/database.ts'
import { expectProblem, expectSessionRefused } from '../support/problem-details.ts'
import { useServer } from '../support/shared-server.ts'

/** For requests that are refused: its tables stay empty. */
const shared = useServer()

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const noAlgorithm = encoded({ alg: 'none', typ: 'JWT' })

type Token = { whole: string; header: string; payload: string; signature: string }

const headers: [name: string, value: (good: Token) => string][] = [
  ['is empty', () => ''],
  ['says Basic', () => 'Basic dXNlcjpwYXNzd29yZA=='],
  ['gives a good token as Basic', ({ whole }) => `Basic ${whole}`],
  ['says Bearer alone', () => 'Bearer'],
  ['is a bare token without scheme', ({ whole }) => whole],
  ['has a token in quotes', ({ whole }) => `Bearer "${whole}"`],
  ['has a colon after the scheme', ({ whole }) => `Bearer: ${whole}`],
  ['has one more word after the token', ({ whole }) => `Bearer ${whole} more`],
  ['has two tokens', ({ whole }) => `Bearer ${whole}, Bearer ${whole}`],
  ['has garbage for a token', () => 'Bearer garbage'],
  ['has an API key', () => 'Bearer ak_2xZ4kq9mQ'],
  ['has a token of empty parts', () => 'Bearer ..'],
  ['has a token that is no JSON', () => 'Bearer abc.def.ghi'],
  ['has a token of null and null', () => 'Bearer bnVsbA.bnVsbA.AAAA'],
  ['has a token whose header is null', ({ payload }) => `Bearer bnVsbA.${payload}.AAAA`],
  ['has a token whose payload is null', ({ header }) => `Bearer ${header}.bnVsbA.AAAA`],
  ['has a token whose payload is an array', ({ header }) => `Bearer ${header}.W10.AAAA`],
  ['has a token of two parts', ({ header, payload }) => `Bearer ${header}.${payload}`],
  ['has a token of four parts', ({ whole }) => `Bearer ${whole}.AAAA`],
  ['has a padded token', ({ whole }) => `Bearer ${whole}=`],
  ['has a token with 100 signs of padding', ({ whole }) => `Bearer ${whole}${'='.repeat(100)}`],
  ['has alg none', ({ payload }) => `Bearer ${noAlgorithm}.${payload}.`],
  [
    'has alg none and a signature',
    ({ payload, signature }) => `Bearer ${noAlgorithm}.${payload}.${signature}`,
  ],
  ['has no signature', ({ header, payload }) => `Bearer ${header}.${payload}.`],
  ['has half a signature', ({ whole }) => `Bearer ${whole.slice(0, -171)}`],
  [
    'has the signature of another payload',
    ({ header, signature }) =>
      `Bearer ${header}.${encoded({ sub: 'user_2', azp: origin, exp: secondsFromNow(60) })}.${signature}`,
  ],
]

test.each(headers)('an Authorization header that %s is refused', async (_, value) => {
  const server = shared()
  const whole = await sessionToken('user_1')
  const [header = '', payload = '', signature = ''] = whole.split('.')

  await expectSessionRefused(server, { authorization: value({ whole, header, payload, signature }) })
})

test.each([
  ['no header', {}],
  ['a __session cookie alone', { cookie: '__session=TOKEN; __client_uat=1700000000' }],
  ['a token in another header', { 'x-authorization': 'Bearer TOKEN' }],
])('a request with %s has no session', async (_, template) => {
  const server = shared()
  const token = await sessionToken('user_1')
  const named = Object.entries(template).map(([name, value]) => [name, value.replace('TOKEN', token)])

  await expectSessionRefused(
    server,
    Object.fromEntries(named),
    `/api/quota?__session=${token}&access_token=${token}`,
  )
})

test('two valid Authorization headers are refused', async () => {
  const server = shared()
  const { hostname, port } = new URL(server.url)
  const line = `authorization: Bearer ${await sessionToken('user_1')}\r\n`
  const answer = Promise.withResolvers<string>()

  await Bun.connect({
    hostname,
    port: Number(port),
    socket: {
      open: (socket) => void socket.write(`GET /api/quota HTTP/1.1\r\nhost: localhost\r\n${line}${line}\r\n`),
      data: (socket, bytes) => {
        answer.resolve(bytes.toString())
        socket.end()
      },
      close: () => answer.reject(new Error('No answer came.')),
    },
  })

  expect(await answer.promise).toStartWith('HTTP/1.1 401 ')
  expect(readTables(server)).toEqual({ challenges: [], quotas: [] })
})

test('headers of more than 16 KB are refused with 431', async () => {
  const server = shared()

  expect(
    (await server.fetch('/api/quota', { headers: { authorization: `Bearer ${'x'.repeat(17_000)}` } })).status,
  ).toBe(431)
})

test('every route under /api answers 401 without a session, also when the request is invalid', async () => {
  const server = shared()
  const routes = server.app.routes.filter(
    ({ path, method }) => path.startsWith('/api') && method !== 'OPTIONS',
  )
  expect(routes.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['/api/generate-challenge', '/api/my-history', '/api/quota']),
  )

  for (const { method, path } of routes) {
    const headers = { 'content-type': 'application/json', 'idempotency-key': '' }
    const body = method === 'GET' ? null : '{"difficulty":"impossible"}'
    await expectProblem(
      server.fetch(`${path}?limit=0&difficulty=x`, { method, headers, body }),
      401,
      'unauthenticated',
    )
  }
  expect(readTables(server)).toEqual({ challenges: [], quotas: [] })
})
