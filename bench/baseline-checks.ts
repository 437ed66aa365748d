import { createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto'

const rememberedTokens = 10_000
/** The tolerated clock skew, in seconds. */
const skew = { session: 5, webhook: 300 }

/** Verifies session tokens with the checks of the server, and remembers a bounded number of whole tokens. */
export function createAuthenticate(pem: string, origin: string) {
  const key = createPublicKey(pem)
  const remembered = new Map<string, { userId: string; expires: number }>()

  /** Returns the user id; `undefined` without a valid session. */
  return function authenticate(request: Request): string | undefined {
    const [, token] =
      /^bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(request.headers.get('authorization') ?? '') ?? []
    if (!token) return undefined
    const known = remembered.get(token)
    if (known && known.expires > Date.now()) return known.userId

    const [header = '', payload = '', signature = ''] = token.split('.')
    const { alg, typ, cat } = decode(header)
    if (alg !== 'RS256' || (typ !== undefined && typ !== 'JWT') || cat !== undefined) return undefined
    if (
      !verify('RSA-SHA256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'))
    ) {
      return undefined
    }
    const { sub, azp, exp, nbf, iat, sts } = decode(payload)
    const now = Date.now() / 1000
    const timely = exp > now - skew.session && nbf <= now + skew.session && iat <= now + skew.session
    if (typeof sub !== 'string' || sub === '' || azp !== origin || sts === 'pending' || !timely)
      return undefined

    if (remembered.size === rememberedTokens) remembered.delete(remembered.keys().next().value ?? '')
    remembered.set(token, { userId: sub, expires: exp * 1000 })
    return sub
  }
}

function decode(part: string) {
  return JSON.parse(Buffer.from(part, 'base64url').toString())
}

/** Verifies Svix's signature and timestamp (https://docs.svix.com/receiving/verifying-payloads/how-manual). */
export function createSignatureCheck(secret: string) {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')

  return function isSigned(headers: Headers, body: string): boolean {
    const time = headers.get('svix-timestamp') ?? ''
    if (!(Math.abs(Date.now() / 1000 - Number(time)) < skew.webhook)) return false
    const expected = createHmac('sha256', key)
      .update(`${headers.get('svix-id')}.${time}.${body}`)
      .digest()
    return (headers.get('svix-signature') ?? '').split(' ').some((signature) => {
      const given = Buffer.from(signature.replace('v1,', ''), 'base64')
      return given.length === expected.length && timingSafeEqual(given, expected)
    })
  }
}
