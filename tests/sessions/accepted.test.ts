import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { createSessionVerifier } from '../../src/clerk/sessions.ts'
import { until } from '../support/async.ts'
import { createKeys, keys, origin, secondsFromNow, sessionToken } from '../support/clerk.ts'
import { startClerkApi } from '../support/clerk-api.ts'
import { findUser } from '../support/client.ts'
import { expectProblem } from '../support/problem-details.ts'
import { startServer } from '../support/server.ts'
import { useServer } from '../support/shared-server.ts'

setDefaultTimeout(60_000)

const shared = useServer()

test.each(['Bearer', 'bearer', 'BEARER', 'Bearer  '])('the scheme %p is accepted', async (scheme) => {
  expect(await findUser(shared(), await sessionToken('user_1'), scheme)).toBe('user_1')
})

test.each([
  ['issued 3 s ahead of our clock', () => ({ claims: { iat: secondsFromNow(3), nbf: secondsFromNow(3) } })],
  ['that expired a second ago', () => ({ claims: { exp: secondsFromNow(-1) } })],
  ['of a finished sign-up', () => ({ claims: { sts: 'active' } })],
  ['with the category of sessions', () => ({ header: { cat: 'cl_B7d4PD111AAA' } })],
  ['with a key id of any kind', () => ({ header: { kid: '__proto__' } })],
  ['with claims of its own', () => ({ claims: { metadata: { user_id: 'user_2' }, user_id: 'user_2' } })],
  ['just under 8 KB', () => ({ claims: { padding: 'x'.repeat(5500) } })],
])('a token %s is accepted', async (_, options) => {
  expect(await findUser(shared(), await sessionToken('user_1', options()))).toBe('user_1')
})

/** A server that could ask Clerk's API, which counts the requests. */
const clerk = startClerkApi()
afterAll(() => clerk[Symbol.asyncDispose]())
const withSecretKey = useServer({ env: { CLERK_SECRET_KEY: clerk.secretKey }, clerkApiUrl: clerk.url })

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
])('%s changes neither the user nor the status, and causes no call of Clerk', async (_, extra, query) => {
  const other = await sessionToken('user_2')
  const headers = { ...extra, ...(extra.cookie && { cookie: extra.cookie.replace('TOKEN', other) }) }
  const ask = (more: object) =>
    withSecretKey().fetch(`/api/quota${query}`, { headers: { ...headers, ...more }, redirect: 'manual' })

  const signedIn = await ask({ authorization: `Bearer ${await sessionToken('user_1')}` })

  expect(await signedIn.json()).toMatchObject({ user_id: 'user_1' })
  await expectProblem(ask({}), 401, 'unauthenticated')
  expect(clerk.requests).toEqual([])
})

test('an accepted token is refused once it has expired', async () => {
  const server = shared()
  // The clock tolerance is five seconds: the token is accepted for two or three more.
  const token = await sessionToken('user_1', { claims: { exp: secondsFromNow(-2) } })
  expect(await findUser(server, token)).toBe('user_1')
  expect(await findUser(server, token)).toBe('user_1')

  await until(async () => (await findUser(server, token)) === 401, 'the token is refused')

  expect(await findUser(server, await sessionToken('user_1'))).toBe('user_1')
})

test('an accepted token is verified again once it has expired', async () => {
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

test('an accepted token does not vouch for another token', async () => {
  const server = shared()
  const [mine, yours] = await Promise.all([sessionToken('user_1'), sessionToken('user_2')])
  const [header = '', , signature = ''] = mine.split('.')
  const [, payload = ''] = yours.split('.')
  expect([await findUser(server, mine), await findUser(server, yours)]).toEqual(['user_1', 'user_2'])

  expect(await findUser(server, `${header}.${payload}.${signature}`)).toBe(401)
  expect(await findUser(server, `${header}.${payload}.`)).toBe(401)
  expect([await findUser(server, mine), await findUser(server, yours)]).toEqual(['user_1', 'user_2'])
})

test('while Clerk’s key is rotated, sessions of both keys are accepted', async () => {
  const [old, next, stranger] = [createKeys(), createKeys(), createKeys()]
  await using server = await startServer({ env: { JWT_KEY: `${old.pem}\n${next.pem}` } })
  const signedBy = ({ privateKey }: typeof old, claims = {}) =>
    sessionToken('user_1', { key: privateKey, claims })

  for (const key of [old, next]) {
    expect(await findUser(server, await signedBy(key))).toBe('user_1')
    expect(await findUser(server, await signedBy(key, { exp: secondsFromNow(-10) }))).toBe(401)
    expect(await findUser(server, await signedBy(key, { azp: 'https://evil.test' }))).toBe(401)
  }
  expect(await findUser(server, await signedBy(stranger))).toBe(401)
})

test('accepted and refused tokens are neither logged nor shown', async () => {
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
