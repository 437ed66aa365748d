import { expect, test } from 'bun:test'
import { createKeys, keys, type sessionToken } from '../support/clerk.ts'
import { startClerkApi, startRemote } from '../support/clerk-api.ts'
import { readTables } from '../support/database.ts'
import { expectProblem } from '../support/problem-details.ts'

test('with only the secret key, the keys are fetched once for all sessions', async () => {
  await using clerk = startClerkApi()
  await using server = await startRemote(clerk)

  expect(await (await server.ask()).json()).toMatchObject({ user_id: 'user_1', quota_remaining: 50 })
  for (let i = 0; i < 5; i++) expect((await server.ask()).status).toBe(200)

  expect(clerk.requests).toEqual([`GET /v1/jwks Bearer ${clerk.secretKey}`])
})

test('with JWT_KEY, Clerk is never called', async () => {
  await using clerk = startClerkApi()
  await using server = await startRemote(clerk, { env: { JWT_KEY: keys.pem } })

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

  expect(readTables(server)).toEqual({ challenges: [], quotas: [] })
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
