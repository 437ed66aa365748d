import { expect, test } from 'bun:test'
import { until } from '../support/async.ts'
import { createKeys, keys } from '../support/clerk.ts'
import { jwkOf, keySet, startClerkApi, startRemote } from '../support/clerk-api.ts'
import { expectProblem } from '../support/problem-details.ts'

const stranger = createKeys()
/** A refresh may follow the previous one at once. */
const soon = { clerkCooldownMs: 10 }

test('a key that Clerk adds is accepted from its first session on', async () => {
  await using clerk = startClerkApi()
  await using server = await startRemote(clerk, { timings: soon })
  expect((await server.ask()).status).toBe(200)

  clerk.answer = () => keySet(jwkOf(keys.pem), jwkOf(stranger.pem, 'ins_next'))

  expect((await server.ask({ key: stranger.privateKey, header: { kid: 'ins_next' } })).status).toBe(200)
  expect((await server.ask()).status).toBe(200)
})

test('a key that Clerk adds is accepted after tokens with unknown key ids were refused', async () => {
  await using clerk = startClerkApi()
  await using server = await startRemote(clerk, { timings: soon })
  await expectProblem(server.ask({ header: { kid: 'ins_other' } }), 401, 'unauthenticated')

  clerk.answer = () => keySet(jwkOf(stranger.pem, 'ins_next'))

  expect((await server.ask({ key: stranger.privateKey, header: { kid: 'ins_next' } })).status).toBe(200)
})

test('a key that Clerk adds during a refresh is accepted', async () => {
  await using clerk = startClerkApi()
  await using server = await startRemote(clerk, { timings: soon })
  expect((await server.ask()).status).toBe(200)
  const held = Promise.withResolvers<Response>()
  clerk.answer = () => held.promise
  const vain = server.ask({ header: { kid: 'ins_other' } })
  await until(() => clerk.requests.length === 2, 'the key set is fetched again')

  clerk.answer = () => keySet(jwkOf(keys.pem), jwkOf(stranger.pem, 'ins_next'))
  const asked = server.ask({ key: stranger.privateKey, header: { kid: 'ins_next' } })
  // The server has read the request before these later ones are answered.
  for (let i = 0; i < 5; i++) expect((await server.ask()).status).toBe(200)
  held.resolve(keySet(jwkOf(keys.pem)))

  expect((await vain).status).toBe(401)
  expect((await asked).status).toBe(200)
})

const jwk = jwkOf(keys.pem)

test.each<[string, unknown[]]>([
  ['of another kind', [{ kty: 'EC', crv: 'P-256', kid: 'ins_test', x: 'AA', y: 'AA' }, jwk]],
  ['without an id', [{ ...jwk, kid: undefined }, jwk]],
  ['without a kind', [{ kid: 'ins_other' }, jwk]],
  ['that is none', [null, 'a key', jwk]],
  ['without its numbers', [{ kty: 'RSA', kid: 'ins_test' }, jwk]],
  ['of the same id, whose modulus is none', [{ ...jwk, n: '!!' }, jwk]],
  ['of the same id, whose modulus is short', [{ ...jwk, n: 'AQAB' }, jwk]],
  ['of the same id, without an exponent', [{ ...jwk, e: '' }, jwk]],
  ['of the same id', [jwk, jwkOf(stranger.pem)]],
  ['of the same id, for encryption', [jwk, { ...jwkOf(stranger.pem), use: 'enc', alg: 'RSA-OAEP' }]],
])('a key %s in the set does not affect other keys', async (_, set) => {
  await using clerk = startClerkApi()
  await using server = await startRemote(clerk, { timings: soon })
  clerk.answer = () => Response.json({ keys: set })

  expect((await server.ask()).status).toBe(200)
})

test('tokens with unknown key ids refresh the key set once in each cool-down at most', async () => {
  await using clerk = startClerkApi()
  await using server = await startRemote(clerk, { timings: { clerkCooldownMs: 200 } })
  const started = performance.now()
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, n) => server.ask({ header: { kid: `ins_${n}` } })),
  )

  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]))
  expect(clerk.requests.length).toBeLessThanOrEqual(1 + (performance.now() - started) / 200)
})

test('after an hour the keys are refreshed, and while Clerk hangs the old keys verify the other requests', async () => {
  await using clerk = startClerkApi()
  let ahead = 0
  await using server = await startRemote(clerk, { monotonic: () => performance.now() + ahead })
  const token = (name: string) => ({ claims: { sid: `sess_${name}` } })
  expect((await server.ask(token('first'))).status).toBe(200)
  const held = Promise.withResolvers<Response>()
  clerk.answer = () => held.promise
  ahead = 3_601_000

  const waiting = server.ask(token('second'))
  await until(() => clerk.requests.length === 2, 'the key set is fetched again')
  expect((await server.ask(token('third'))).status).toBe(200)
  expect(Bun.peek.status(waiting)).toBe('pending')

  held.resolve(new Response('{}', { status: 500 }))
  expect((await waiting).status).toBe(200)
  expect((await server.ask(token('fourth'))).status).toBe(200)
  expect(clerk.requests.length).toBe(2)
})
