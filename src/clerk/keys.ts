import { createPublicKey, type JsonWebKeyInput, type PublicKeyInput } from 'node:crypto'

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
  const keys = blocks.map(([, body = '']) => {
    const key = Buffer.from(body.replace(/\s/g, ''), 'base64')
    return rsaKeyOf({ key, format: 'der', type: 'spki' }, (bits) => bits === 2048)
  })
  return rest === '' && keys.length > 0 && keys.every((key) => key !== undefined) ? keys : undefined
}

/**
 * An RSA public key in PEM, if its length in bits `fits` and its exponent is the usual one; `undefined` whatever else
 * stands there.
 */
export function rsaKeyOf(
  input: PublicKeyInput | JsonWebKeyInput,
  fits: (bits: number) => boolean,
): string | undefined {
  try {
    const key = createPublicKey(input)
    // Of a JSON Web Key, Bun makes numbers of whatever stands there.
    const { modulusLength = 0, publicExponent } = key.asymmetricKeyDetails ?? {}
    if (key.asymmetricKeyType !== 'rsa' || !fits(modulusLength) || publicExponent !== 65537n) return undefined
    return key.export({ format: 'pem', type: 'spki' }).toString()
  } catch {
    return undefined
  }
}
