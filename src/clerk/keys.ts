import { createPublicKey } from 'node:crypto'

/** Whether this is a Svix signing secret: `whsec_` and the base64 of at least 24 bytes. */
export function isWebhookSecret(secret: string): boolean {
  const [, base64] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? []
  return base64 !== undefined && base64.length % 4 === 0 && Buffer.from(base64, 'base64').length >= 24
}

/**
 * The PEM keys in a variable: as shown by the dashboard, on one line with `\n` in letters, in quotes, or the base64
 * body alone; `undefined` if any of it is something else. Clerk signs sessions with RS256 and 2048 bits, and its
 * networkless verification takes nothing else.
 */
export function sessionKeysOf(value: string): string[] | undefined {
  const plain = value.replaceAll('\\r', '').replaceAll('\\n', '\n').replace(/["']/g, '')
  const armoured = /-----BEGIN/.test(plain)
    ? plain
    : `-----BEGIN PUBLIC KEY-----${plain}-----END PUBLIC KEY-----`
  const blocks = [
    ...armoured.matchAll(/-----BEGIN PUBLIC KEY-----([\sA-Za-z0-9+/=]+)-----END PUBLIC KEY-----/g),
  ]
  const rest = armoured.replace(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g, '').trim()
  const keys = blocks.map(([, body = '']) => canonicalKey(body.replace(/\s/g, '')))
  return rest === '' && keys.length > 0 && keys.every((key) => key !== undefined) ? keys : undefined
}

function canonicalKey(body: string): string | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(body, 'base64'), format: 'der', type: 'spki' })
    const { modulusLength, publicExponent } = key.asymmetricKeyDetails ?? {}
    if (key.asymmetricKeyType !== 'rsa' || modulusLength !== 2048 || publicExponent !== 65537n)
      return undefined
    return key.export({ format: 'pem', type: 'spki' }).toString()
  } catch {
    return undefined
  }
}
