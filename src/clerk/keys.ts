import { createPublicKey, type JsonWebKeyInput, type PublicKeyInput } from 'node:crypto'

/** Whether this is a Svix signing secret: `whsec_` and the base64 of at least 24 bytes. */
export function isWebhookSecret(secret: string): boolean {
  const [, base64] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? []
  return base64 !== undefined && base64.length % 4 === 0 && Buffer.from(base64, 'base64').length >= 24
}

/**
 * Parses PEM keys as the dashboard shows them, also on one line with a literal `\n`, in quotes, or as the base64 body
 * alone. Returns `undefined` if any part is not an RSA key of 2048 bits: Clerk signs sessions with RS256 and 2048 bits.
 */
export function parseSessionKeys(value: string): string[] | undefined {
  const plain = value.replaceAll('\\r', '').replaceAll('\\n', '\n').replace(/["']/g, '')
  const armoured = /-----BEGIN/.test(plain)
    ? plain
    : `-----BEGIN PUBLIC KEY-----${plain}-----END PUBLIC KEY-----`
  const blocks = [
    ...armoured.matchAll(/-----BEGIN PUBLIC KEY-----([\sA-Za-z0-9+/=]+)-----END PUBLIC KEY-----/g),
  ]
  const rest = armoured.replace(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g, '').trim()
  const keys = blocks.map(([, body = '']) => {
    const key = Buffer.from(body.replace(/\s/g, ''), 'base64')
    return parseRsaKey({ key, format: 'der', type: 'spki' }, (bits) => bits === 2048)
  })
  return rest === '' && keys.length > 0 && keys.every((key) => key !== undefined) ? keys : undefined
}

/** Returns an RSA public key in PEM, or `undefined` unless its length in bits `fits` and its exponent is 65537. */
export function parseRsaKey(
  input: PublicKeyInput | JsonWebKeyInput,
  fits: (bits: number) => boolean,
): string | undefined {
  try {
    const key = createPublicKey(input)
    // Bun's JWK import does not validate `n` and `e`; check the resulting key.
    const { modulusLength = 0, publicExponent } = key.asymmetricKeyDetails ?? {}
    if (key.asymmetricKeyType !== 'rsa' || !fits(modulusLength) || publicExponent !== 65537n) return undefined
    return key.export({ format: 'pem', type: 'spki' }).toString()
  } catch {
    return undefined
  }
}
