import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { problems } from '../problem.ts'
import { defaultTimings } from '../timings.ts'
import { parseRsaKey } from './keys.ts'

const JsonWebKeySet = Type.Object({ keys: Type.Array(Type.Unknown()) })
/** A key that may sign sessions (RFC 7517 section 4): Clerk signs them with RS256. */
const SigningKey = Type.Object({
  kid: Type.String(),
  kty: Type.Literal('RSA'),
  use: Type.Optional(Type.Literal('sig')),
  alg: Type.Optional(Type.Literal('RS256')),
})

/** How long a key set is fresh, and how long after a failed refresh the next one is tried; in milliseconds. */
const maxAgeMs = 60 * 60 * 1000
const staleIfErrorMs = 60 * 1000

export type KeySetOptions = {
  secretKey: string
  apiUrl?: string | undefined
  /** A monotonic clock, in milliseconds. */
  now?: (() => number) | undefined
  /** The longest wait for Clerk's answer, in milliseconds. */
  timeoutMs?: number
  /** The time from the end of one refresh to the next, in milliseconds. */
  cooldownMs?: number
}

/**
 * Fetches Clerk's public keys from its Backend API (https://clerk.com/docs/reference/backend-api/tag/jwks/GET/jwks).
 * Anybody can send tokens with an unknown key id, so concurrent requests share one refresh, and a pause follows it.
 */
export function createKeySet({
  secretKey,
  apiUrl = 'https://api.clerk.com',
  now = () => performance.now(),
  timeoutMs = defaultTimings.clerkTimeoutMs,
  cooldownMs = defaultTimings.clerkCooldownMs,
}: KeySetOptions) {
  let keys = new Map<unknown, string[]>()
  let freshUntil = Number.NEGATIVE_INFINITY
  let begun = Number.NEGATIVE_INFINITY
  let nextRefresh = Number.NEGATIVE_INFINITY
  let refreshing: Promise<void> | undefined

  /**
   * Returns the keys of this id in PEM; an empty list if Clerk has no such key.
   * @throws Problem `unavailable` when Clerk cannot be asked.
   */
  return async function resolveKeys(kid: unknown): Promise<string[]> {
    const known = keys.get(kid)
    if (known && now() < freshUntil) return known
    const asked = now()
    try {
      await refresh()
      // A refresh already in flight may predate this key; refresh once more.
      if (!keys.has(kid) && begun < asked) await refresh()
      return keys.get(kid) ?? []
    } catch (error) {
      // While Clerk cannot be reached, known keys stay valid: refusing every session would be worse.
      if (known) return known
      throw problems.sessionKeysUnavailable(error)
    }
  }

  function refresh(): Promise<void> {
    refreshing ??= Bun.sleep(Math.max(0, nextRefresh - now()))
      .then(fetchKeys)
      .finally(() => {
        refreshing = undefined
        nextRefresh = now() + cooldownMs
      })
    return refreshing
  }

  async function fetchKeys() {
    begun = now()
    // Keep serving the known keys during the refresh, and for a minute if it fails; only the caller that triggered it waits.
    freshUntil = begun + staleIfErrorMs
    const response = await fetch(new URL('/v1/jwks', apiUrl), {
      headers: { authorization: `Bearer ${secretKey}` },
      signal: AbortSignal.timeout(timeoutMs),
      redirect: 'error',
    })
    if (!response.ok) throw Object.assign(new Error('No key set.'), { code: `HTTP_${response.status}` })
    const set: unknown = await response.json()
    const found = Value.Check(JsonWebKeySet, set) ? signingKeys(set.keys) : undefined
    if (!found?.size) throw new Error('No key set.')
    keys = found
    freshUntil = now() + maxAgeMs
  }
}

/** The keys in PEM by their ids. Keys of an unknown kind are ignored (RFC 7517 section 5). */
function signingKeys(jwks: unknown[]): Map<unknown, string[]> {
  const keys = new Map<unknown, string[]>()
  for (const key of jwks) {
    if (!Value.Check(SigningKey, key)) continue
    const pem = parseRsaKey({ key, format: 'jwk' }, (bits) => bits >= 2048)
    if (pem) keys.set(key.kid, [...(keys.get(key.kid) ?? []), pem])
  }
  return keys
}
