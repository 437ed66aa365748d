import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import { chmodSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { signJwt } from '@clerk/backend/jwt'
import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { makeDataFolder } from '../data-folder.ts'
import { isWebhookSecret, parseSessionKeys } from './keys.ts'

const Identity = Type.Object({
  privateKey: Type.String(),
  publicKey: Type.String(),
  webhookSecret: Type.String(),
})

/** The replacement for Clerk in development: an RSA key pair and a webhook secret. */
type DevelopmentIdentity = typeof Identity.static

const lifetimeSeconds = 24 * 60 * 60

/**
 * Reads the development identity in `folder`, or creates it. Several processes that do so at once get the same one.
 * `onCreate` is called with the path of a new identity.
 * @throws Error with one sentence if the file is no development identity, or the folder does not exist.
 */
export function loadDevelopmentIdentity(
  folder: string,
  onCreate?: (path: string) => void,
): DevelopmentIdentity {
  const path = join(folder, 'development-identity.json')
  const known = readIdentity(path)
  if (known) return known
  makeDataFolder(folder)
  onCreate?.(path)
  return createIdentity(path)
}

function readIdentity(path: string): DevelopmentIdentity | undefined {
  try {
    const identity: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (isIdentity(identity)) return identity
  } catch (error) {
    if (/^(ENOENT|ENOTDIR)$/.test(String((error as { code?: unknown }).code))) return undefined
  }
  throw new Error(`${path} is not a development identity: delete it, and a new one is made.`)
}

/** Whether the keys are a pair. @throws Error if one of them is no key. */
function isIdentity(value: unknown): value is DevelopmentIdentity {
  if (!Value.Check(Identity, value) || !isWebhookSecret(value.webhookSecret)) return false
  const derived = createPublicKey(createPrivateKey(value.privateKey)).export({ format: 'pem', type: 'spki' })
  return parseSessionKeys(value.publicKey)?.join() === derived.toString()
}

function createIdentity(path: string): DevelopmentIdentity {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const identity = { privateKey, publicKey, webhookSecret: `whsec_${randomBytes(24).toString('base64')}` }
  const draft = `${path}.${randomUUID()}`
  writeFileSync(draft, `${JSON.stringify(identity, null, 2)}\n`, { mode: 0o600 })
  chmodSync(draft, 0o600)
  try {
    // A link appears complete or not at all, and never replaces a file: one process wins, and all read its file.
    linkSync(draft, path)
  } catch (error) {
    if (!readIdentity(path)) throw error
  } finally {
    rmSync(draft)
  }
  return readIdentity(path) ?? identity
}

type Session = {
  userId: string
  /** The authorised party. */
  origin: string
  /** Epoch milliseconds. */
  now: number
}

/** A session token as Clerk would issue it, for one day. */
export function signDevelopmentToken(
  identity: DevelopmentIdentity,
  { userId, origin, now }: Session,
): Promise<string> {
  const seconds = Math.floor(now / 1000)
  const claims = {
    sub: userId,
    sid: `sess_${randomUUID()}`,
    azp: origin,
    iss: 'https://clerk.development.invalid',
  }
  return signJwt({ ...claims, nbf: seconds, exp: seconds + lifetimeSeconds }, identity.privateKey, {
    algorithm: 'RS256',
    header: { typ: 'JWT', kid: 'development' },
  })
}
