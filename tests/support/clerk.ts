import { generateKeyPairSync, type KeyObject, randomBytes, randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { Webhook } from 'svix'

/** The authorized party of the sessions. */
export const origin = 'http://localhost:5173'

/** An RSA key pair like those with which Clerk signs sessions. */
export function createKeys() {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { privateKey, pem: publicKey.export({ format: 'pem', type: 'spki' }).toString() }
}

export const keys = createKeys()
/** A webhook secret in Clerk's format. */
export const newWebhookSecret = () => `whsec_${randomBytes(24).toString('base64')}`
export const webhookSecret = newWebhookSecret()

/** A claim of a time. */
export const secondsFromNow = (ahead: number) => Math.floor(Date.now() / 1000) + ahead

type Claims = Record<string, unknown>
type TokenOptions = { claims?: Claims; header?: Record<string, unknown>; key?: KeyObject; seconds?: number }

/** A session token as Clerk issues it. `claims` and `header` replace members, or remove those that are `undefined`. */
export function sessionToken(userId: string, { claims, header, key, seconds = 60 }: TokenOptions = {}) {
  const now = Math.floor(Date.now() / 1000)
  const session = {
    sub: userId,
    sid: `sess_${randomUUID()}`,
    azp: origin,
    iss: 'https://clerk.test',
    iat: now,
  }
  return new SignJWT({ ...session, nbf: now, exp: now + seconds, ...claims })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: 'ins_test', ...header })
    .sign(key ?? keys.privateKey)
}

type SignOptions = { id?: string; at?: Date; secret?: string }

/** The headers with which Svix delivers this body. */
export function svixHeaders(
  body: string,
  { id = `msg_${randomUUID()}`, at = new Date(), secret }: SignOptions = {},
) {
  return {
    'content-type': 'application/json',
    'svix-id': id,
    'svix-timestamp': String(Math.floor(at.getTime() / 1000)),
    'svix-signature': new Webhook(secret ?? webhookSecret).sign(id, at, body),
  }
}

/** A Clerk event about a user. */
export function userEvent(type: string, userId: string): string {
  return JSON.stringify({
    object: 'event',
    type,
    timestamp: Date.now(),
    data: { id: userId, object: 'user' },
  })
}
