import { expect, test } from 'bun:test'
import { type SessionRefusal, sessionRefusals } from '../../src/failure.ts'
import { createKeys, secondsFromNow, sessionToken } from '../support/clerk.ts'
import { startClerkApi } from '../support/clerk-api.ts'
import { startServer } from '../support/server.ts'

type Options = Parameters<typeof sessionToken>[1]

const stranger = createKeys()
const signed: [SessionRefusal, Options][] = [
  ['algorithm', { header: { alg: 'RS512' } }],
  ['no_user', { claims: { sub: 'mch_1' } }],
  ['no_user', { header: { cat: 'cl_B7d4PD222AAA' } }],
  ['no_user', { header: { typ: 'at+jwt' } }],
  ['pending', { claims: { sts: 'pending' } }],
  ['expired', { claims: { exp: secondsFromNow(-60) } }],
  ['not_yet_valid', { claims: { nbf: secondsFromNow(60) } }],
  ['not_yet_valid', { claims: { iat: secondsFromNow(60) } }],
  ['azp', { claims: { azp: 'https://other.test' } }],
  ['azp', { claims: { azp: undefined } }],
  ['malformed', { claims: { exp: -1e300 } }],
  ['malformed', { claims: { exp: '9999999999' } }],
  ['signature', { key: stranger.privateKey }],
]
const unsigned: [SessionRefusal, string | undefined][] = [
  ['no_token', undefined],
  ['no_token', ''],
  ['malformed', 'Basic dXNlcg=='],
  ['malformed', 'Bearer abc.def.ghi'],
  ['malformed', `Bearer ${'x'.repeat(9000)}`],
]

async function findReasons(url: string) {
  const text = await (await fetch(`${url}/metrics`)).text()
  const found = [...text.matchAll(/^sessions_refused_total\{reason="(\w+)"\} (\d+)$/gm)]
  return Object.fromEntries(found.map(([, reason, count]) => [reason, Number(count)]))
}

test('a refused session is logged and counted with its reason, without the token', async () => {
  await using server = await startServer()
  expect(await findReasons(server.url)).toEqual(Object.fromEntries(sessionRefusals.map((name) => [name, 0])))
  const tokens = await Promise.all(signed.map(([, options]) => sessionToken('user_1', options)))
  const headers = [...tokens.map((token) => `Bearer ${token}`), ...unsigned.map(([, header]) => header)]
  const reasons = [...signed, ...unsigned].map(([reason]) => reason)

  for (const authorization of headers) {
    const answer = await server.fetch(
      '/api/quota',
      authorization === undefined ? {} : { headers: { authorization } },
    )
    expect(answer.status).toBe(401)
  }

  const lines = server.lines.filter(({ path }) => path === '/api/quota')
  expect(lines.map(({ level, status, refused }) => [level, status, refused])).toEqual(
    reasons.map((reason) => ['info', 401, reason]),
  )
  const counted = await findReasons(server.url)
  expect(counted).toEqual(
    Object.fromEntries(sessionRefusals.map((name) => [name, reasons.filter((one) => one === name).length])),
  )
  const log = JSON.stringify(server.lines)
  expect(tokens.flatMap((token) => token.split('.')).filter((part) => log.includes(part))).toEqual([])
})

test('a key that Clerk does not list has its own reason, and answers other than 401 have no reason', async () => {
  await using clerk = startClerkApi()
  const env = { JWT_KEY: '', CLERK_SECRET_KEY: clerk.secretKey }
  await using server = await startServer({ env, clerkApiUrl: clerk.url, timings: { clerkCooldownMs: 0 } })
  const ask = async (options?: Options) =>
    server.fetch('/api/quota', {
      headers: { authorization: `Bearer ${await sessionToken('user_1', options)}` },
    })

  expect((await ask()).status).toBe(200)
  expect((await ask({ header: { kid: 'unknown' } })).status).toBe(401)
  expect((await server.fetch('/nowhere')).status).toBe(404)

  expect(server.lines.map(({ status, refused }) => [status, refused])).toEqual([
    [200, undefined],
    [401, 'unknown_key'],
    [404, undefined],
  ])
})
