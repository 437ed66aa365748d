import { createPublicKey, type JsonWebKeyInput } from 'node:crypto'
import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { unavailable } from '../problem.ts'

const JsonWebKeySet = Type.Object({ keys: Type.Array(Type.Unknown()) })
/** A key that may sign sessions (RFC 7517 section 4): Clerk signs them with RS256. */
const SigningKey = Type.Object({
  kid: Type.String(),
  kty: Type.Literal('RSA'),
  use: Type.Optional(Type.Literal('sig')),
  alg: Type.Optional(Type.Literal('RS256')),
})

/** How long the network may take, and how far apart two looks at it are. */
const timeoutMs = 5000
const restMs = 1000
/** How long a key set is good for, and how long an old one is when there is no new one. */
const maxAgeMs = 60 * 60 * 1000
const graceMs = 60 * 1000

type Options = { secretKey: string; apiUrl?: string | undefined }

/**
 * Clerk's public keys, from its Backend API (https://clerk.com/docs/reference/backend-api/tag/jwks/GET/jwks). Anybody
 * can send tokens with a key id that does not exist: so one look serves all who wait, and the next comes a second later.
 */
export function createKeySet({ secretKey, apiUrl = 'https://api.clerk.com' }: Options) {
  const now = () => performance.now()
  let keys = new Map<unknown, string[]>()
  let goodUntil = Number.NEGATIVE_INFINITY
  let nextLook = Number.NEGATIVE_INFINITY
  let looking: Promise<void> | undefined

  /**
   * The keys of this id in PEM, or none if Clerk has none such.
   * @throws Problem `unavailable` when it cannot be known.
   */
  return async function keysOf(kid: unknown): Promise<string[]> {
    const known = keys.get(kid)
    if (known && now() < goodUntil) return known
    try {
      await look()
      return keys.get(kid) ?? []
    } catch (error) {
      // An old key is better than nobody being let in.
      if (known) return known
      throw unavailable('Sessions cannot be verified right now; try again in a moment.', error)
    }
  }

  function look(): Promise<void> {
    looking ??= Bun.sleep(Math.max(0, nextLook - now()))
      .then(fetchKeys)
      .finally(() => {
        looking = undefined
        nextLook = now() + restMs
      })
    return looking
  }

  async function fetchKeys() {
    // Nobody else waits for what may take its time, and one who does in a minute is enough.
    goodUntil = now() + graceMs
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
    goodUntil = now() + maxAgeMs
  }
}

/** The keys in PEM, by their ids. What is not understood is passed over (RFC 7517 section 5). */
function signingKeys(jwks: unknown[]): Map<unknown, string[]> {
  const keys = new Map<unknown, string[]>()
  for (const key of jwks) {
    if (!Value.Check(SigningKey, key)) continue
    try {
      keys.set(key.kid, [...(keys.get(key.kid) ?? []), pemOf(key)])
    } catch {
      // No key, whatever it says it is.
    }
  }
  return keys
}

function pemOf(key: object): string {
  const input = { key, format: 'jwk' } as JsonWebKeyInput
  return createPublicKey(input).export({ format: 'pem', type: 'spki' }).toString()
}
