import { expect, test } from 'bun:test'
import { sign } from 'node:crypto'
import { join } from 'node:path'
import { createClerkClient } from '@clerk/backend'
import { keys, origin, secondsFromNow, sessionToken } from '../support/clerk.ts'
import { findUser } from '../support/client.ts'
import { expectProblem } from '../support/problem-details.ts'
import { useServer } from '../support/shared-server.ts'

const shared = useServer()

// The SDK does not export its categories; its declarations hold their values.
const declarations = join(import.meta.dir, '../../node_modules/@clerk/backend/dist/tokens/jwtCategories.d.ts')
const categories = [
  ...(await Bun.file(declarations).text()).matchAll(/const (JWT_CATEGORY_\w+) = "(\w+)"/g),
].map(([, name = '', value = '']) => ({ name, value }))

type Options = Parameters<typeof sessionToken>[1]

/** The user of a bearer token by the installed SDK. */
async function userByClerk(token: string): Promise<string | null> {
  const publishableKey = `pk_test_${btoa('clerk.test$')}`
  const clerk = createClerkClient({
    secretKey: 'sk_test_1',
    publishableKey,
    jwtKey: keys.pem,
    telemetry: { disabled: true },
  })
  const request = new Request('http://localhost/', { headers: { authorization: `Bearer ${token}` } })
  return (await clerk.authenticateRequest(request, { authorizedParties: [origin] })).toAuth()?.userId ?? null
}

/** The user of a bearer token by this server. */
async function userHere(token: string): Promise<string | null> {
  const user = await findUser(shared(), token)
  return user === 401 ? null : String(user)
}

test('the SDK knows these categories of tokens', () => {
  expect(categories.map(({ name }) => name).sort()).toEqual([
    'JWT_CATEGORY_IGNORE',
    'JWT_CATEGORY_JWT_TEMPLATE',
    'JWT_CATEGORY_M2M_TOKEN',
    'JWT_CATEGORY_SESSION_TOKEN',
  ])
})

test('a token of the category that the SDK ignores is accepted', async () => {
  const cat = categories.find(({ name }) => name === 'JWT_CATEGORY_IGNORE')?.value
  const token = await sessionToken('user_1', { header: { cat } })

  expect(cat).toBeString()
  expect([await userHere(token), await userByClerk(token)]).toEqual(['user_1', 'user_1'])
})

test.each<[string, Options]>([
  ['without a category', {}],
  ...categories.map(({ name, value }): [string, Options] => [`with ${name}`, { header: { cat: value } }]),
  ['with an unknown category', { header: { cat: 'cl_Z9z9ZZ999ZZZ' } }],
  ['with an empty category', { header: { cat: '' } }],
  ['with the category null', { header: { cat: null } }],
  ['with a list of categories', { header: { cat: [categories[0]?.value] } }],
  ['without a type', { header: { typ: undefined } }],
  ['with the type at+jwt', { header: { typ: 'at+jwt' } }],
  ['with the type application/at+jwt', { header: { typ: 'application/at+jwt' } }],
  ['with the type jwt', { header: { typ: 'jwt' } }],
  ['by RS384', { header: { alg: 'RS384' } }],
  ['by RS512', { header: { alg: 'RS512' } }],
  ['of a machine', { claims: { sub: 'mch_1' } }],
  ['of a pending session', { claims: { sts: 'pending' } }],
  ['of an active session', { claims: { sts: 'active' } }],
  ['of a session with another status', { claims: { sts: 'other' } }],
  ['of version 2', { claims: { v: 2, sts: 'active', fva: [0, -1] } }],
  ['of an organization', { claims: { org_id: 'org_1', org_role: 'org:admin' } }],
  ['of an impersonator', { claims: { act: { sub: 'user_2' } } }],
  ['for an audience', { claims: { aud: 'https://other.test' } }],
  ['without a moment of issue', { claims: { iat: undefined, nbf: undefined } }],
  ['issued in words', { claims: { iat: 'now' } }],
  ['valid from null', { claims: { nbf: null } }],
  ['that expires within a second', { claims: { exp: secondsFromNow(60) + 0.5 } }],
  ['that is valid from within a second', { claims: { nbf: secondsFromNow(-60) + 0.5 } }],
  ['that expires in words', { claims: { exp: '9999999999' } }],
  ['that expires null', { claims: { exp: null } }],
])('a token %s is judged as by the SDK’s authenticateRequest', async (_, options) => {
  const token = await sessionToken('user_1', options)

  expect(await userHere(token)).toBe(await userByClerk(token))
})

/** A valid session token whose header has these members too; jose refuses to sign a `crit` that it does not know. */
async function tokenWithHeader(members: object): Promise<string> {
  const [, payload = ''] = (await sessionToken('user_1')).split('.')
  const header = Buffer.from(JSON.stringify({ alg: 'RS256', typ: 'JWT', ...members })).toString('base64url')
  const signature = sign('sha256', Buffer.from(`${header}.${payload}`), keys.privateKey)
  return `${header}.${payload}.${signature.toString('base64url')}`
}

// `verifyJwt` of the SDK accepts these tokens.
test.each<[string, () => Promise<string>]>([
  ['that expired before time began', () => sessionToken('user_1', { claims: { exp: -1e300 } })],
  ['that expires after the end of time', () => sessionToken('user_1', { claims: { exp: 1e300 } })],
  ['that expires just after the end of time', () => sessionToken('user_1', { claims: { exp: 8.64e12 + 1 } })],
  ['that becomes valid after the end of time', () => sessionToken('user_1', { claims: { nbf: 1e300 } })],
  ['issued after the end of time', () => sessionToken('user_1', { claims: { iat: 1e300 } })],
  ['whose header demands an extension', () => tokenWithHeader({ crit: ['x'], x: 1 })],
  ['whose header demands a claim', () => tokenWithHeader({ crit: ['exp'], exp: 4102444800 })],
  ['whose payload is said not to be encoded', () => tokenWithHeader({ crit: ['b64'], b64: false })],
  ['with an empty list of extensions', () => tokenWithHeader({ crit: [] })],
  ['with a malformed list of extensions', () => tokenWithHeader({ crit: null })],
])('a token %s is refused', async (_, token) => {
  expect(await userHere(await tokenWithHeader({}))).toBe('user_1')

  await expectProblem(
    shared().fetch('/api/quota', { headers: { authorization: `Bearer ${await token()}` } }),
    401,
    'unauthenticated',
  )
})
