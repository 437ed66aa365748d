import { loadDevelopmentIdentity, signDevelopmentToken } from '../clerk/identity.ts'
import { isUserId } from '../clerk/user-id.ts'
import { identityFolder } from '../compose.ts'
import type { Config } from '../config.ts'

/**
 * `token [user_id]`: prints a session token of the development identity, valid for a day.
 * @throws Error with one sentence when sessions are Clerk's, or the id is not one.
 */
export async function token(config: Config, [userId = 'user_dev']: string[]) {
  const { keys, secretKey } = config.sessions
  if (config.production || keys.length > 0 || secretKey) {
    throw new Error(
      'A Clerk key is configured, so only Clerk can issue session tokens: sign in to your front end.',
    )
  }
  if (!isUserId(userId)) throw new Error('The user id must be 1 to 255 printable characters without spaces.')
  const identity = loadDevelopmentIdentity(identityFolder(config))
  const [origin = ''] = config.allowedOrigins
  process.stdout.write(`${await signDevelopmentToken(identity, userId, origin)}\n`)
}
