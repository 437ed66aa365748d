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
 * The keys that verify sessions: the configured ones, else those that Clerk's API lists, else the development identity's.
 * Tests pass options of their own for the API. `onNewIdentity` is called with the path of an identity that is created.
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

/** The secrets that sign webhooks: the configured ones, else the development identity's. */
export function webhookCredentials({
  webhookSecrets,
  identityFolder,
}: Pick<Configured, 'webhookSecrets' | 'identityFolder'>): string[] {
  return webhookSecrets.length > 0 ? webhookSecrets : [loadDevelopmentIdentity(identityFolder).webhookSecret]
}
