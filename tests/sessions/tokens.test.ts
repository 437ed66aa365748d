import { test } from 'bun:test'
import { createSecretKey, generateKeyPairSync } from 'node:crypto'
import { createKeys, keys, origin, secondsFromNow, sessionToken } from '../support/clerk.ts'
import { jwkOf } from '../support/clerk-api.ts'
import { expectSessionRefused } from '../support/problem-details.ts'
import { useServer } from '../support/shared-server.ts'

const shared = useServer()

const stranger = createKeys()

type Options = Parameters<typeof sessionToken>[1]

const tokens: [name: string, options: () => Options][] = [
  ['by another key', () => ({ key: stranger.privateKey })],
  [
    'by another key that it brings',
    () => ({ key: stranger.privateKey, header: { jwk: jwkOf(stranger.pem) } }),
  ],
  [
    'by HS256 with the public key',
    () => ({ key: createSecretKey(keys.pem, 'utf8'), header: { alg: 'HS256' } }),
  ],
  [
    'by ES256',
    () => ({ key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, header: { alg: 'ES256' } }),
  ],
  ['by PS256 with the right key', () => ({ header: { alg: 'PS256' } })],
  ['by RS512 with the right key', () => ({ header: { alg: 'RS512' } })],
  ['that has expired', () => ({ claims: { exp: secondsFromNow(-10) } })],
  ['that expired ten days ago', () => ({ claims: { exp: secondsFromNow(-864_000) } })],
  ['that never expires', () => ({ claims: { exp: undefined } })],
  ['that expires in words', () => ({ claims: { exp: '9999999999' } })],
  ['that is not yet valid', () => ({ claims: { nbf: secondsFromNow(10) } })],
  ['that was issued in the future', () => ({ claims: { iat: secondsFromNow(10) } })],
  ['for a foreign site', () => ({ claims: { azp: 'https://evil.test' } })],
  ['for a site whose name begins alike', () => ({ claims: { azp: `${origin}.evil.test` } })],
  ['for the site under https', () => ({ claims: { azp: origin.replace('http:', 'https:') } })],
  ['for the site with a slash', () => ({ claims: { azp: `${origin}/` } })],
  ['for no site', () => ({ claims: { azp: undefined } })],
  ['for an empty site', () => ({ claims: { azp: '' } })],
  ['for a list of sites', () => ({ claims: { azp: [origin] } })],
  ['of nobody', () => ({ claims: { sub: undefined } })],
  ['of a user without a name', () => ({ claims: { sub: '' } })],
  ['of a number', () => ({ claims: { sub: 1 } })],
  ['of a list of users', () => ({ claims: { sub: ['user_1'] } })],
  ['of a name with a line break', () => ({ claims: { sub: 'user_1\nuser_2' } })],
  ['of a machine', () => ({ claims: { sub: 'mch_2xZ4kq9mQ' } })],
  ['of a machine, by its category', () => ({ header: { cat: 'cl_B7d4PD333AAA' } })],
  ['from a JWT template', () => ({ header: { cat: 'cl_B7d4PD222AAA' } })],
  ['from OAuth', () => ({ header: { typ: 'at+jwt' } })],
  ['of a sign-up that is not finished', () => ({ claims: { sts: 'pending' } })],
  ['longer than 8 KB', () => ({ claims: { padding: 'x'.repeat(6000) } })],
]

test.each(tokens)('a token %s is refused', async (_, options) => {
  await expectSessionRefused(shared(), { authorization: `Bearer ${await sessionToken('user_1', options())}` })
})
