import { TokenVerificationError, TokenVerificationErrorReason } from '@clerk/backend/errors'
import { decodeJwt, verifyJwt } from '@clerk/backend/jwt'
import { LRUCache } from 'lru-cache'
import { Problem } from '../problem.ts'
import { isUserId } from '../user-id.ts'

/** Longer than any session token; nothing longer is looked at. */
const maxTokenLength = 8192
/** `cat` of the header of a session token; Clerk's other tokens (JWT templates, M2M) bear another. */
const sessionCategory = 'cl_B7d4PD111AAA'
const rememberedTokens = 10_000

/** The PEM public keys that may have signed a token with this key id. */
export type KeysOf = (kid: unknown) => string[] | Promise<string[]>

/**
 * Verifies Clerk session tokens (https://clerk.com/docs/guides/sessions/manual-jwt-verification), from the
 * `Authorization` header alone: cookies and query parameters are never read. `origins` are the authorised parties.
 */
export function createSessionVerifier({ keysOf, origins }: { keysOf: KeysOf; origins: string[] }) {
  // A session that was verified without the network cannot be revoked before it expires, so nothing is lost by
  // remembering it until then. Only accepted tokens get in, so the memory is bounded and nobody else can fill it.
  const remembered = new LRUCache<string, { userId: string; expires: number }>({ max: rememberedTokens })

  /**
   * The user id of the session in an `Authorization` header.
   * @throws Problem `unauthenticated`, or what `keysOf` throws.
   */
  return function userOf(authorization: string | null): string | Promise<string> {
    const token = bearerToken(authorization)
    const known = remembered.get(token)
    if (known && known.expires > Date.now()) return known.userId
    return verify(token)
  }

  async function verify(token: string): Promise<string> {
    const { kid } = requireSession(token)
    for (const key of await keysOf(kid)) {
      try {
        const { sub, exp } = await verifyJwt(token, { key, authorizedParties: origins })
        remembered.set(token, { userId: sub, expires: exp * 1000 })
        return sub
      } catch (error) {
        // Another key of several may fit; a verdict on anything but the signature is final.
        if (!isWrongSignature(error)) throw translated(error)
      }
    }
    throw unauthenticated('The session token is not valid; sign in again.')
  }
}

/** RFC 6750 section 2.1; the scheme is case-insensitive (RFC 9110 section 11.1). Only the canonical form passes. */
function bearerToken(authorization: string | null): string {
  if (!authorization)
    throw unauthenticated('Sign in: the request has no Authorization header with a session token.')
  const [, token] = authorization.length > maxTokenLength + 7 ? [] : (bearer.exec(authorization) ?? [])
  if (!token) throw unauthenticated('The Authorization header must read "Bearer <session token>".')
  return token
}
const bearer = /^bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i

/** What `verifyJwt` lets through although it is no session of a user who has finished signing up. */
function requireSession(token: string): { kid?: unknown } {
  const { header, payload } = decoded(token)
  const { sub, sts } = payload
  // Clerk signs sessions with RS256; a key in PEM would do for RS384 and RS512, too.
  if (header.alg !== 'RS256') throw unauthenticated('The session token is not valid; sign in again.')
  const isSession = header.cat === undefined || header.cat === sessionCategory
  if (!isUserId(sub) || !isSession) throw unauthenticated('The token is not a session of a user.')
  if (sts === 'pending') throw unauthenticated('Finish signing up first: the session is still pending.')
  return header
}

function decoded(token: string) {
  try {
    const jwt = decodeJwt(token)
    // Both are whatever JSON stands there, `null` too.
    if (jwt.header && jwt.payload)
      return jwt as unknown as Record<'header' | 'payload', Record<string, unknown>>
  } catch {
    // Told below.
  }
  throw unauthenticated('The session token is not valid; sign in again.')
}

function isWrongSignature(error: unknown): boolean {
  return (
    error instanceof TokenVerificationError &&
    error.reason === TokenVerificationErrorReason.TokenInvalidSignature
  )
}

function translated(error: unknown): unknown {
  if (!(error instanceof TokenVerificationError)) return error
  const expired = error.reason === TokenVerificationErrorReason.TokenExpired
  return unauthenticated(
    expired ? 'The session has expired; sign in again.' : 'The session token is not valid; sign in again.',
  )
}

/** 401 with the challenge that RFC 9110 section 11.6.1 demands. */
function unauthenticated(detail: string): Problem {
  return new Problem('unauthenticated', detail, { headers: { 'www-authenticate': 'Bearer' } })
}
