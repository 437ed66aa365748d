import { expect, setDefaultTimeout, test } from 'bun:test'
import { createSessionVerifier } from '../../src/clerk/sessions.ts'
import { createKeys, keys, origin, sessionToken } from '../support/clerk.ts'
import { startClerkApi } from '../support/clerk-api.ts'
import { expectProblem } from '../support/problem-details.ts'
import { until } from '../support/process.ts'
import { type Server, startServer } from '../support/server.ts'

// A token takes some seconds to expire.
setDefaultTimeout(20_000)

const seconds = (ahead: number) => Math.floor(Date.now() / 1000) + ahead

/** Whose session a token is, or the status that refuses it. */
async function authenticate(server: Server, token: string, scheme = 'Bearer'): Promise<string | number> {
  const response = await server.fetch('/api/quota', { headers: { authorization: `${scheme} ${token}` } })
  return response.ok ? (await response.json()).user_id : response.status
}

test.each(['Bearer', 'bearer', 'BEARER', 'Bearer  '])('the scheme may read %p', async (scheme) => {
  await using server = await startServer()

  expect(await authenticate(server, await sessionToken('user_1'), scheme)).toBe('user_1')
})

test.each([
  ['issued 3 s ahead of our clock', () => ({ claims: { iat: seconds(3), nbf: seconds(3) } })],
  ['that expired a second ago', () => ({ claims: { exp: seconds(-1) } })],
  ['of a finished sign-up', () => ({ claims: { sts: 'active' } })],
  ['with the category of sessions', () => ({ header: { cat: 'cl_B7d4PD111AAA' } })],
  ['with a key id of any kind', () => ({ header: { kid: '__proto__' } })],
  ['with claims of its own', () => ({ claims: { metadata: { user_id: 'user_2' }, user_id: 'user_2' } })],
  ['just under 8 KB', () => ({ claims: { padding: 'x'.repeat(5500) } })],
])('a token %s is accepted', async (_, options) => {
  await using server = await startServer()

  expect(await authenticate(server, await sessionToken('user_1', options()))).toBe('user_1')
})

test.each<[string, Record<string, string>, string]>([
  ['a cookie that breaks decoders', { cookie: '__session=bnVsbA.bnVsbA.AAAA' }, ''],
  ['the session of somebody else in a cookie', { cookie: '__session=TOKEN' }, ''],
  ['a malformed cookie', { cookie: '=;;%%%;__session;__client_uat=9' }, ''],
  [
    'a page load with a newer client',
    { cookie: '__client_uat=9999999999', 'sec-fetch-dest': 'document' },
    '',
  ],
  ['a handshake nonce', { 'sec-fetch-dest': 'document', accept: 'text/html' }, '?__clerk_handshake_nonce=x'],
  ['a handshake', { 'sec-fetch-dest': 'document' }, '?__clerk_handshake=bnVsbA.bnVsbA.AAAA'],
  ['a development browser', { 'sec-fetch-dest': 'document' }, '?__clerk_db_jwt=dvb_1'],
])(
  '%s changes nothing: neither who is meant, nor a redirect, nor a call of Clerk',
  async (_, extra, query) => {
    await using clerk = startClerkApi()
    await using server = await startServer({
      env: { CLERK_SECRET_KEY: clerk.secretKey },
      clerkApiUrl: clerk.url,
    })
    const other = await sessionToken('user_2')
    const headers = { ...extra, ...(extra.cookie && { cookie: extra.cookie.replace('TOKEN', other) }) }
    const ask = (more: object) =>
      server.fetch(`/api/quota${query}`, { headers: { ...headers, ...more }, redirect: 'manual' })

    const signedIn = await ask({ authorization: `Bearer ${await sessionToken('user_1')}` })

    expect(await signedIn.json()).toMatchObject({ user_id: 'user_1' })
    await expectProblem(ask({}), 401, 'unauthenticated')
    expect(clerk.requests).toEqual([])
  },
)

test('a token that was accepted is refused once it has expired', async () => {
  await using server = await startServer()
  // The clocks may differ by five seconds, so it is good for two or three more.
  const token = await sessionToken('user_1', { claims: { exp: seconds(-2) } })
  expect(await authenticate(server, token)).toBe('user_1')
  expect(await authenticate(server, token)).toBe('user_1')

  await until(async () => (await authenticate(server, token)) === 401, 'the token is refused', 8000)

  expect(await authenticate(server, await sessionToken('user_1'))).toBe('user_1')
})

test('a token that was accepted is verified again once its time is over', async () => {
  let now = Date.now()
  let verified = 0
  const resolveKeys = () => {
    verified++
    return [keys.pem]
  }
  const verify = createSessionVerifier({ resolveKeys, origins: [origin], now: () => now })
  const header = `Bearer ${await sessionToken('user_1', { seconds: 60 })}`

  for (let n = 0; n < 3; n++) expect(await verify(header)).toBe('user_1')
  expect(verified).toBe(1)

  now += 60_000
  expect(await verify(header)).toBe('user_1')
  expect(verified).toBe(2)
})

test('a token that was accepted vouches for no other', async () => {
  await using server = await startServer()
  const [mine, yours] = await Promise.all([sessionToken('user_1'), sessionToken('user_2')])
  const [header = '', , signature = ''] = mine.split('.')
  const [, payload = ''] = yours.split('.')
  expect([await authenticate(server, mine), await authenticate(server, yours)]).toEqual(['user_1', 'user_2'])

  expect(await authenticate(server, `${header}.${payload}.${signature}`)).toBe(401)
  expect(await authenticate(server, `${header}.${payload}.`)).toBe(401)
  expect([await authenticate(server, mine), await authenticate(server, yours)]).toEqual(['user_1', 'user_2'])
})

test('while Clerk’s key is rotated, the sessions of both keys are good', async () => {
  const [old, next, stranger] = [createKeys(), createKeys(), createKeys()]
  await using server = await startServer({ env: { JWT_KEY: `${old.pem}\n${next.pem}` } })
  const signedBy = ({ privateKey }: typeof old, claims = {}) =>
    sessionToken('user_1', { key: privateKey, claims })

  for (const key of [old, next]) {
    expect(await authenticate(server, await signedBy(key))).toBe('user_1')
    expect(await authenticate(server, await signedBy(key, { exp: seconds(-10) }))).toBe(401)
    expect(await authenticate(server, await signedBy(key, { azp: 'https://evil.test' }))).toBe(401)
  }
  expect(await authenticate(server, await signedBy(stranger))).toBe(401)
})

test('tokens are neither logged nor shown, be they good or bad', async () => {
  await using server = await startServer()
  const good = await sessionToken('user_1')
  const bad = await sessionToken('user_1', { key: createKeys().privateKey })

  const answers = [await server.fetch('/api/quota', { headers: { authorization: `Bearer ${good}` } })]
  answers.push(await server.fetch('/api/quota', { headers: { authorization: `Bearer ${bad}` } }))

  const lines = await until(
    () => [200, 401].every((status) => server.lines.some((line) => line.status === status)) && server.lines,
    'both requests are logged',
  )
  const shown = JSON.stringify([lines, await Promise.all(answers.map((answer) => answer.text()))])
  for (const part of [good, bad].flatMap((token) => token.split('.'))) expect(shown).not.toContain(part)
})
