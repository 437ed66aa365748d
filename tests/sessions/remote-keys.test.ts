import { expect, spyOn, test } from 'bun:test'
import { createKeys, keys, type sessionToken } from '../support/clerk.ts'
import { jwkOf, keySet, startClerkApi, startRemote } from '../support/clerk-api.ts'
import { expectProblem } from '../support/problem-details.ts'
import { until } from '../support/process.ts'
import { contentsOf } from '../support/table-contents.ts'

test('with the secret key alone, the keys are fetched once and serve all sessions', async () => {
  await using clerk = startClerkApi()
  await using server = await startRemote(clerk)

  expect(await (await server.ask()).json()).toMatchObject({ user_id: 'user_1', quota_remaining: 50 })
  for (let i = 0; i < 5; i++) expect((await server.ask()).status).toBe(200)

  expect(clerk.requests).toEqual([`GET /v1/jwks Bearer ${clerk.secretKey}`])
})

test('with JWT_KEY too, Clerk is never called', async () => {
  await using clerk = startClerkApi()
  await using server = await startRemote(clerk, { JWT_KEY: keys.pem })

  expect((await server.ask()).status).toBe(200)
  await expectProblem(
    server.ask({ key: createKeys().privateKey, header: { kid: 'ins_other' } }),
    401,
    'unauthenticated',
  )

  expect(clerk.requests).toEqual([])
})

const stranger = createKeys()

test.each<[string, Parameters<typeof sessionToken>[1]]>([
  ['signed by a key that Clerk does not know', { key: stranger.privateKey, header: { kid: 'ins_stranger' } }],
  ['signed by another key under the id of a known one', { key: stranger.privateKey }],
  ['whose key id is __proto__', { header: { kid: '__proto__' } }],
  ['whose key id is the name of a method', { header: { kid: 'constructor' } }],
  ['without a key id', { header: { kid: undefined } }],
  ['whose key id is a list', { header: { kid: ['ins_test'] } }],
  ['whose key id cannot be written as a word', { header: { kid: { toString: 1, valueOf: 1 } } }],
  ['that has expired', { seconds: -10, claims: { nbf: 1, iat: 1 } }],
  ['for a foreign site', { claims: { azp: 'https://evil.test' } }],
  ['of a sign-up that is not finished', { claims: { sts: 'pending' } }],
])('a session %s is refused', async (_, options) => {
  await using clerk = startClerkApi()
  await using server = await startRemote(clerk)

  await expectProblem(server.ask(options), 401, 'unauthenticated')

  expect(contentsOf(server)).toEqual({ challenges: [], quotas: [] })
})

test.each([
  ['no session at all', undefined],
  ['garbage', 'Bearer garbage'],
  ['three parts of null', 'Bearer bnVsbA.bnVsbA.AAAA'],
  ['a token of more than 8 KB', `Bearer ${'x'.repeat(9000)}.x.x`],
])('%s is refused without asking Clerk', async (_, authorization) => {
  await using clerk = startClerkApi()
  await using server = await startRemote(clerk)

  await expectProblem(
    server.fetch('/api/quota', { headers: authorization ? { authorization } : {} }),
    401,
    'unauthenticated',
  )

  expect(clerk.requests).toEqual([])
})

test('a key that Clerk adds is good from its first session on', async () => {
  await using clerk = startClerkApi()
  await using server = await startRemote(clerk)
  expect((await server.ask()).status).toBe(200)

  clerk.answer = () => keySet(jwkOf(keys.pem), jwkOf(stranger.pem, 'ins_next'))

  expect((await server.ask({ key: stranger.privateKey, header: { kid: 'ins_next' } })).status).toBe(200)
  expect((await server.ask()).status).toBe(200)
})

test('a key that Clerk adds is good from its first session on, whatever strangers have asked for meanwhile', async () => {
  await using clerk = startClerkApi()
  await using server = await startRemote(clerk)
  const strangers = createKeys()
  await expectProblem(
    server.ask({ key: strangers.privateKey, header: { kid: 'ins_other' } }),
    401,
    'unauthenticated',
  )

  clerk.answer = () => keySet(jwkOf(stranger.pem, 'ins_next'))

  expect((await server.ask({ key: stranger.privateKey, header: { kid: 'ins_next' } })).status).toBe(200)
})

const jwk = jwkOf(keys.pem)

test.each<[string, unknown[]]>([
  ['of another kind', [{ kty: 'EC', crv: 'P-256', kid: 'ins_test', x: 'AA', y: 'AA' }, jwk]],
  ['without an id', [{ ...jwk, kid: undefined }, jwk]],
  ['without a kind', [{ kid: 'ins_other' }, jwk]],
  ['that is none', [null, 'a key', jwk]],
  ['without its numbers', [{ kty: 'RSA', kid: 'ins_test' }, jwk]],
  ['of the same id', [jwk, jwkOf(stranger.pem)]],
  ['of the same id, for encryption', [jwk, { ...jwkOf(stranger.pem), use: 'enc', alg: 'RSA-OAEP' }]],
])('a key %s in the set is in nobody’s way', async (_, set) => {
  await using clerk = startClerkApi()
  await using server = await startRemote(clerk)
  clerk.answer = () => Response.json({ keys: set })

  expect((await server.ask()).status).toBe(200)
})

test('Clerk is asked once a second at most, however many tokens name keys that it does not have', async () => {
  await using clerk = startClerkApi()
  await using server = await startRemote(clerk)
  const started = performance.now()
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, n) => server.ask({ header: { kid: `ins_${n}` } })),
  )

  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]))
  expect(clerk.requests.length).toBeLessThanOrEqual(1 + (performance.now() - started) / 1000)
})

test('after an hour the keys are fetched again; as long as Clerk hangs, one request waits and the old keys serve all', async () => {
  await using clerk = startClerkApi()
  await using server = await startRemote(clerk)
  const token = (name: string) => ({ claims: { sid: `sess_${name}` } })
  expect((await server.ask(token('first'))).status).toBe(200)
  const held = Promise.withResolvers<Response>()
  clerk.answer = () => held.promise
  const { now } = performance
  using _ = spyOn(performance, 'now').mockImplementation(() => now.call(performance) + 3_601_000)

  const waiting = server.ask(token('second'))
  await until(() => clerk.requests.length === 2, 'Clerk is asked again')
  expect((await server.ask(token('third'))).status).toBe(200)
  expect(Bun.peek.status(waiting)).toBe('pending')

  held.resolve(new Response('{}', { status: 500 }))
  expect((await waiting).status).toBe(200)
  expect((await server.ask(token('fourth'))).status).toBe(200)
  expect(clerk.requests.length).toBe(2)
})
