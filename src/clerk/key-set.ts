import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { unavailable } from '../problem.ts'
import { toJsonWebKey } from './keys.ts'

const JsonWebKeySet = Type.Object({
  keys: Type.Array(Type.Object({ kid: Type.String(), kty: Type.String() }), { minItems: 1 }),
})

/** How long the network may take, how long a key set is good for, and how long after a vain look to wait. */
const timeoutMs = 5000
const maxAgeMs = 60 * 60 * 1000
const cooldownMs = 5000

type Options = { secretKey: string; apiUrl?: string | undefined }

/**
 * Clerk's public keys, from its Backend API (https://clerk.com/docs/reference/backend-api/tag/jwks/GET/jwks). Anybody
 * can send tokens with a key id that does not exist, so the set is fetched once at a time, and seldom.
 */
export function createKeySet({ secretKey, apiUrl = 'https://api.clerk.com' }: Options) {
  const now = () => performance.now()
  let keys = new Map<string, JsonWebKey>()
  let fetchedAt = Number.NEGATIVE_INFINITY
  let failedAt = Number.NEGATIVE_INFINITY
  /** When an id was last looked for in vain. */
  let vainAt = Number.NEGATIVE_INFINITY
  let fetching: Promise<void> | undefined

  const pick = (kid: unknown) => [keys.get(String(kid))].filter((key) => key !== undefined)

  async function fetchKeys() {
    const response = await fetch(new URL('/v1/jwks', apiUrl), {
      headers: { authorization: `Bearer ${secretKey}` },
      signal: AbortSignal.timeout(timeoutMs),
      redirect: 'error',
    })
    if (!response.ok) throw Object.assign(new Error('No key set.'), { code: `HTTP_${response.status}` })
    const set: unknown = await response.json()
    if (!Value.Check(JsonWebKeySet, set)) throw new Error('No key set.')
    // Sessions are signed with RS256; what other keys there are is none of our business.
    keys = new Map(set.keys.filter(({ kty }) => kty === 'RSA').map((key) => [key.kid, toJsonWebKey(key)]))
    fetchedAt = now()
  }

  /**
   * The key of this id, or none if Clerk has none such.
   * @throws Problem `unavailable` when it cannot be known.
   */
  return async function keysOf(kid: unknown): Promise<JsonWebKey[]> {
    const known = pick(kid)
    const fresh = now() - fetchedAt < maxAgeMs || now() - failedAt < cooldownMs
    if (known.length > 0 ? fresh : now() - vainAt < cooldownMs) return known
    try {
      fetching ??= fetchKeys().finally(() => {
        fetching = undefined
      })
      await fetching
      if (pick(kid).length === 0) vainAt = now()
      return pick(kid)
    } catch (error) {
      failedAt = now()
      // An old key is better than nobody being let in.
      if (known.length > 0) return known
      throw unavailable('Sessions cannot be verified right now; try again in a moment.', error)
    }
  }
}
