import type { Config } from '../config.ts'
import { nextReset, type Quota } from '../quota.ts'
import type { Store } from '../store/store.ts'
import { isUserId, userIdDescription } from '../user-id.ts'
import { createCommand } from './command.ts'
import { useExistingStore } from './store.ts'

const maxCredits = 1_000_000

/** `quota <user_id>` */
export const quota = createCommand({
  synopsis: 'bun run quota <user_id> [--set=N]',
  summary: 'Shows the credits that a user has left, or sets them.',
  details: `May be used while servers run. A user without a quota is refused: a quota opens with the first request.

--set=N  the credits that the user has left, 0 to ${maxCredits}; they last until the next reset, which stays the same`,
  options: { set: { type: 'string' } },
  words: [1, 1],
  run: (config, [userId = ''], { set }) => showOrSet(config, userId, set),
})

/** @throws Error with one sentence when a word is wrong, or the user has no quota. */
async function showOrSet(config: Config, userId: string, set: string | undefined) {
  if (!isUserId(userId)) throw new Error(`The user id must be ${userIdDescription}.`)
  const remaining = set === undefined ? undefined : parseCredits(set)
  const found = await useExistingStore(config, (store) => findOrSet(store, userId, remaining))
  if (!found)
    throw new Error(
      `${userId} has no quota: check the user id. A quota opens with the first request of the user.`,
    )
  process.stdout.write(toText(found, Date.now()))
}

function findOrSet(store: Store, userId: string, remaining: number | undefined) {
  return remaining === undefined ? store.findQuota(userId) : store.setCredits(userId, remaining, Date.now())
}

function parseCredits(text: string): number {
  const credits = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (credits <= maxCredits) return credits
  throw new Error(`--set must be a whole number from 0 to ${maxCredits}.`)
}

function toText(found: Quota, now: number): string {
  const { userId, remaining, limit, lastReset } = found
  const next = nextReset(found)
  const due = next > now ? '' : ' (due: the next request resets the credits)'
  return [
    `${userId} has ${remaining} of ${limit} credits left.`,
    `Last reset: ${new Date(lastReset).toISOString()}`,
    `Next reset: ${new Date(next).toISOString()}${due}\n`,
  ].join('\n')
}
