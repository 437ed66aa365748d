import { loadDevelopmentIdentity, signDevelopmentToken } from './identity.ts'
import { createKeySet, type KeySetOptions } from './key-set.ts'
import type { KeysOf } from './sessions.ts'

type Configured = {
  sessions: { keys: string[]; secretKey?: string | undefined }
  webhookSecrets: string[]
  allowedOrigins: string[]
  /** The folder of the development identity, which is created there if it is needed. */
  identityFolder: string
}

type SessionCredentials = {
  keysOf: KeysOf
  /** Signs a session of the development identity; not there when sessions are Clerk's. */
  signToken?: (userId: string) => Promise<string>
}

/**
 * What sessions are verified with: the configured keys, else those that Clerk's API names, else the development
 * identity's. Tests hand in a `keySet` of their own.
 */
export function sessionCredentials(
  { sessions: { keys, secretKey }, allowedOrigins, identityFolder }: Omit<Configured, 'webhookSecrets'>,
  keySet: Omit<KeySetOptions, 'secretKey'> = {},
): SessionCredentials {
  if (keys.length > 0) return { keysOf: () => keys }
  if (secretKey) return { keysOf: createKeySet({ ...keySet, secretKey }) }
  const identity = loadDevelopmentIdentity(identityFolder)
  const [origin = ''] = allowedOrigins
  return {
    keysOf: () => [identity.publicKey],
    signToken: (userId) => signDevelopmentToken(identity, { userId, origin, now: Date.now() }),
  }
}

/** The secrets that webhooks are signed with: the configured ones, else the development identity's. */
export function webhookCredentials({
  webhookSecrets,
  identityFolder,
}: Pick<Configured, 'webhookSecrets' | 'identityFolder'>): string[] {
  return webhookSecrets.length > 0 ? webhookSecrets : [loadDevelopmentIdentity(identityFolder).webhookSecret]
}
