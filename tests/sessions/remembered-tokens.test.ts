import { expect, test } from 'bun:test'
import { createSessionVerifier } from '../../src/clerk/sessions.ts'
import { createKeys, keys, origin, sessionToken } from '../support/clerk.ts'

/** A verifier that remembers two tokens; `verified` counts the signatures that it checked. */
function createCountedVerifier() {
  const counts = { verified: 0 }
  const resolveKeys = () => {
    counts.verified++
    return [keys.pem]
  }
  return { counts, verify: createSessionVerifier({ resolveKeys, origins: [origin], maxRemembered: 2 }) }
}

const bearer = async (userId: string) => `Bearer ${await sessionToken(userId)}`

test('the signature of a remembered token is verified once', async () => {
  const { counts, verify } = createCountedVerifier()
  const token = await bearer('user_1')

  expect([await verify(token), await verify(token), await verify(token)]).toEqual(Array(3).fill('user_1'))
  expect(counts.verified).toBe(1)
})

test('a full memory forgets the oldest token, which is verified and accepted again', async () => {
  const { counts, verify } = createCountedVerifier()
  const [first, second, third] = await Promise.all(['user_1', 'user_2', 'user_3'].map(bearer))
  for (const token of [first, second, third]) await verify(token ?? null)
  expect(counts.verified).toBe(3)

  expect([await verify(second ?? null), await verify(third ?? null)]).toEqual(['user_2', 'user_3'])
  expect(counts.verified).toBe(3)
  expect(await verify(first ?? null)).toBe('user_1')
  expect(counts.verified).toBe(4)
})

test('a refused token is not remembered', async () => {
  const { counts, verify } = createCountedVerifier()
  const [first, second] = [await bearer('user_1'), await bearer('user_2')]
  for (const token of [first, second]) await verify(token)
  const foreign = `Bearer ${await sessionToken('user_3', { key: createKeys().privateKey })}`
  await expect(Promise.resolve(verify(foreign))).rejects.toThrow('not valid')
  expect(counts.verified).toBe(3)

  expect([await verify(first), await verify(second)]).toEqual(['user_1', 'user_2'])
  expect(counts.verified).toBe(3)
})
