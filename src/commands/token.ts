import { sessionCredentials } from '../clerk/credentials.ts'
import type { Config } from '../config.ts'
import { isUserId, userIdDescription } from '../user-id.ts'

/**
 * `token [user_id]`: prints a session token of the development identity, valid for a day.
 * @throws Error with one sentence when sessions are Clerk's, or the words are not one id.
 */
export async function token(config: Config, [userId = 'user_dev', ...more]: string[]) {
  if (more.length > 0) throw new Error('Usage: bun run token [user_id]')
  if (!isUserId(userId)) throw new Error(`The user id must be ${userIdDescription}.`)
  const { signToken } = sessionCredentials(config)
  if (!signToken) {
    throw new Error(
      'A Clerk key is configured, so only Clerk can issue session tokens: sign in to your front end.',
    )
  }
  process.stdout.write(`${await signToken(userId)}\n`)
}
