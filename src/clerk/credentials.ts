import { loadDevelopmentIdentity, signDevelopmentToken } from './identity.ts'
import { createKeySet, type KeySetOptions } from './key-set.ts'
import type { ResolveKeys } from './sessions.ts'

type Configured = {
  sessions: { keys: string[]; secretKey?: string | undefined }
  webhookSecrets: string[]
  allowedOrigins: string[]
  /** The folder of the development identity, which is created there if it is needed. */
  identityFolder: string
}

type SessionCredentials = {
  resolveKeys: ResolveKeys
  /** Signs a session of the development identity; `undefined` when Clerk issues the sessions. */
  signToken?: (userId: string) => Promise<string>
}

/**
 * Chooses the keys that verify sessions: the configured keys, else the keys of Clerk's API if a secret key is
 * configured, else the key of the development identity. `keySet` has options of the client of the API. `onNewIdentity`
 * is called with the path of an identity that is created.
 */
export function sessionCredentials(
  { sessions: { keys, secretKey }, allowedOrigins, identityFolder }: Omit<Configured, 'webhookSecrets'>,
  keySet: Omit<KeySetOptions, 'secretKey'> = {},
  onNewIdentity?: (path: string) => void,
): SessionCredentials {
  if (keys.length > 0) return { resolveKeys: () => keys }
  if (secretKey) return { resolveKeys: createKeySet({ ...keySet, secretKey }) }
  const identity = loadDevelopmentIdentity(identityFolder, onNewIdentity)
  const [origin = ''] = allowedOrigins
  return {
    resolveKeys: () => [identity.publicKey],
    signToken: (userId) => signDevelopmentToken(identity, { userId, origin, now: Date.now() }),
  }
}

/** The secrets that sign webhooks: the configured secrets, else the secret of the development identity. */
export function webhookCredentials({
  webhookSecrets,
  identityFolder,
}: Pick<Configured, 'webhookSecrets' | 'identityFolder'>): string[] {
  return webhookSecrets.length > 0 ? webhookSecrets : [loadDevelopmentIdentity(identityFolder).webhookSecret]
}
