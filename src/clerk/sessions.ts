import { TokenVerificationErrorReason as Reason, TokenVerificationError } from '@clerk/backend/errors'
import { decodeJwt, verifyJwt } from '@clerk/backend/jwt'
import type { SessionRefusal } from '../failure.ts'
import { limits } from '../limits.ts'
import { problems } from '../problem.ts'
import { isUserId } from '../user-id.ts'

/**
 * The values of the header's `cat` with which `authenticateRequest` takes a token for a session: absent,
 * `JWT_CATEGORY_SESSION_TOKEN` and `JWT_CATEGORY_IGNORE`. The SDK does not export them. JWT templates, machines, and
 * categories that the SDK does not know have other values.
 */
const sessionCategories: unknown[] = [undefined, 'cl_B7d4PD111AAA', 'cl_I7d4PD111III']
/** The last time that a `Date` can hold, in seconds. For later ones `verifyJwt` compares with NaN, which is never true. */
const endOfTime = 8_640_000_000_000

/** The PEM public keys that may have signed a token with this key id. */
export type ResolveKeys = (kid: unknown) => string[] | Promise<string[]>

type Options = {
  resolveKeys: ResolveKeys
  /** The authorised parties. */
  origins: string[]
  /** The largest number of accepted tokens that are remembered. */
  maxRemembered?: number
  /** The clock by which a remembered token expires, in epoch milliseconds. The SDK verifies by the system's clock. */
  now?: () => number
}

/**
 * Verifies Clerk session tokens (https://clerk.com/docs/guides/sessions/manual-jwt-verification), from the
 * `Authorization` header alone: cookies and query parameters are never read.
 */
export function createSessionVerifier({
  resolveKeys,
  origins,
  maxRemembered = 10_000,
  now = Date.now,
}: Options) {
  // Sessions that are verified without the network cannot be revoked before they expire, so it is safe to remember them
  // until then. Only valid tokens are remembered, so an attacker cannot fill the cache.
  const remembered = new Map<string, { userId: string; expires: number }>()

  /**
   * The user id of the session in an `Authorization` header.
   * @throws Problem `unauthenticated`, or what `resolveKeys` throws.
   */
  return function authenticate(authorization: string | null): string | Promise<string> {
    const token = bearerToken(authorization)
    const known = remembered.get(token)
    if (known && known.expires > now()) return known.userId
    return verify(token)
  }

  function remember(token: string, session: { userId: string; expires: number }) {
    const [oldest] = remembered.keys()
    if (oldest !== undefined && remembered.size >= maxRemembered) remembered.delete(oldest)
    remembered.set(token, session)
  }

  async function verify(token: string): Promise<string> {
    const { kid } = requireSession(token)
    const keys = await resolveKeys(kid)
    for (const key of keys) {
      try {
        const { sub, exp } = await verifyJwt(token, { key, authorizedParties: origins })
        remember(token, { userId: sub, expires: exp * 1000 })
        return sub
      } catch (error) {
        // Another key may match the signature; every other error is final.
        if (!isWrongSignature(error)) throw toPublicError(error)
      }
    }
    throw problems.invalidSession(keys.length > 0 ? 'signature' : 'unknown_key')
  }
}

/** RFC 6750 section 2.1; the scheme is case-insensitive (RFC 9110 section 11.1). Only the canonical form passes. */
function bearerToken(authorization: string | null): string {
  if (!authorization) throw problems.missingSession()
  const [, token] =
    authorization.length > 'Bearer '.length + limits.sessionTokenLength
      ? []
      : (bearer.exec(authorization) ?? [])
  if (!token) throw problems.malformedAuthorization()
  return token
}
const bearer = /^bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i

/**
 * Refuses tokens that `verifyJwt` accepts although they are invalid, or are not the session of a user who has finished
 * signing up. Returns the header.
 */
function requireSession(token: string): { kid?: unknown } {
  const { header, payload } = decodeToken(token)
  const { sub, sts, exp, nbf, iat } = payload
  // Clerk signs sessions with RS256; a key in PEM would also verify RS384 and RS512.
  if (header.alg !== 'RS256') throw problems.invalidSession('algorithm')
  // RFC 7515 section 4.1.11: a token with a critical extension that the recipient does not know is invalid.
  const demandsExtension = Object.hasOwn(header, 'crit')
  if (demandsExtension || ![exp, nbf, iat].every(isWithinTime)) throw problems.invalidSession('malformed')
  if (!isUserId(sub) || !sessionCategories.includes(header.cat)) throw problems.notUserSession()
  if (sts === 'pending') throw problems.pendingSession()
  return header
}

/** Whether a `Date` can hold a time claim, in seconds. `verifyJwt` refuses values that are not numbers. */
function isWithinTime(claim: unknown): boolean {
  return typeof claim !== 'number' || Math.abs(claim) <= endOfTime
}

function decodeToken(token: string) {
  try {
    const jwt = decodeJwt(token)
    // Header and payload can be any JSON value, `null` included.
    if (jwt.header && jwt.payload)
      return jwt as unknown as Record<'header' | 'payload', Record<string, unknown>>
  } catch {
    // The error below covers this case.
  }
  throw problems.invalidSession('malformed')
}

function isWrongSignature(error: unknown): boolean {
  return error instanceof TokenVerificationError && error.reason === Reason.TokenInvalidSignature
}

function toPublicError(error: unknown): unknown {
  if (!(error instanceof TokenVerificationError)) return error
  const { reason } = error
  if (reason === Reason.TokenExpired) return problems.expiredSession()
  // Another type in the header, such as that of an OAuth token.
  if (reason === Reason.TokenInvalid) return problems.notUserSession()
  return problems.invalidSession(refusals[reason] ?? 'malformed')
}

const refusals: Record<string, SessionRefusal> = {
  [Reason.TokenNotActiveYet]: 'not_yet_valid',
  [Reason.TokenIatInTheFuture]: 'not_yet_valid',
  [Reason.TokenInvalidAuthorizedParties]: 'azp',
}
