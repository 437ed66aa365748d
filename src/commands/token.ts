import { sessionCredentials } from '../clerk/credentials.ts'
import type { Config } from '../config.ts'
import { isUserId, userIdDescription } from '../user-id.ts'
import { createCommand } from './command.ts'

/** `token [user_id]` */
export const token = createCommand({
  synopsis: 'bun run token [user_id]',
  summary: 'Prints a session token of the development identity, valid for a day.',
  details:
    'Without a user id, the token is for user_dev. Use the DATABASE_URL of the server: the signing key is in its folder.',
  options: {},
  words: [0, 1],
  run: (config, [userId = 'user_dev']) => printToken(config, userId),
})

/** @throws Error with one sentence when sessions are Clerk's, or the server would refuse a token of this user. */
async function printToken(config: Config, userId: string) {
  if (!isUserId(userId)) throw new Error(`The user id must be ${userIdDescription}.`)
  const { signToken } = sessionCredentials(config, {}, (path) =>
    process.stderr.write(
      `A new development identity is in ${path}. A server with another DATABASE_URL refuses its tokens.\n`,
    ),
  )
  if (!signToken) {
    throw new Error(
      'A Clerk key is configured, so only Clerk can issue session tokens: sign in to your front end.',
    )
  }
  process.stdout.write(`${await signToken(userId)}\n`)
}
