import { randomInt } from 'node:crypto'
import type { Challenge, Question, SupplyName } from '../question.ts'
import type { Quota } from '../quota.ts'
import type { Topic } from '../topics.ts'
import type { ClaimOutcome, ClaimRequest, Supply } from './store.ts'

/** The challenge that is stored under an idempotency key, with the topic that its request asked for. */
type KeyedChallenge = Challenge & { requestedTopic: string | null }

/**
 * The outcome of a claim that needs no question: a replay, a mismatch or no credits. `undefined` if the claim goes on.
 * `earlier` is the challenge that is stored under the idempotency key, `quota` the user's quota now.
 */
export function checkPreconditions(
  { difficulty, topic, supply }: ClaimRequest,
  earlier: KeyedChallenge | undefined,
  quota: Quota,
): ClaimOutcome | undefined {
  if (earlier) {
    const { requestedTopic, ...challenge } = earlier
    if (challenge.difficulty !== difficulty || requestedTopic !== (topic ?? null))
      return { outcome: 'mismatch', quota }
    return { outcome: 'claimed', challenge, charged: false, supply: undefined, quota }
  }
  if (!isFree(supply) && quota.remaining === 0) return { outcome: 'exhausted', quota }
  return undefined
}

/** The outcome of a claim whose supply has no question for the user. */
export function toEmptyOutcome({ from }: Supply, quota: Quota): ClaimOutcome {
  if (from === 'bank') return { outcome: 'all_seen', quota }
  return { outcome: from === 'model' ? 'repeat' : 'empty', quota }
}

/** The outcome of a claim that assigned `challenge`. `quota` is the quota before the charge. */
export function toClaimed(challenge: Challenge, supply: SupplyName, quota: Quota): ClaimOutcome {
  const { charged } = challenge
  const left = charged ? { ...quota, remaining: quota.remaining - 1 } : quota
  return { outcome: 'claimed', challenge, charged, supply, quota: left }
}

/** The least number of questions that a library must have to serve the claim; `undefined` if it must not serve it. */
export function leastOfLibrary(supply: Supply): number | undefined {
  if (supply.from === 'library') return 1
  return (supply.from === 'pool' && supply.librarySize) || undefined
}

export function isFree(supply: Supply): boolean {
  return supply.from === 'bank' && supply.free
}

/**
 * Chooses a question of the bank. `seen` holds the ids of the entries that the user has had, the oldest first; `retired`
 * those of the entries that the operator retired.
 */
export function chooseFromBank(
  supply: Extract<Supply, { from: 'bank' }>,
  seen: string[],
  retired: string[],
): Question | undefined {
  const { repeats } = supply
  const questions = supply.questions.filter(({ bankId }) => !retired.includes(bankId ?? ''))
  const seenIds = new Set(seen)
  const fresh = questions.filter(({ bankId }) => !seenIds.has(bankId ?? ''))
  if (fresh.length > 0) return fresh[randomInt(fresh.length)]
  if (!repeats) return undefined
  const byId = new Map(questions.map((question) => [question.bankId, question]))
  const oldest = seen.find((bankId) => byId.has(bankId))
  return oldest === undefined ? undefined : byId.get(oldest)
}

/**
 * The SQL condition of questions that may be assigned when no topic is requested: those of the offered topics, and old
 * ones without a topic. No index of `topic` satisfies it, so that both engines search in the order of `date_created`.
 */
export function toOfferedCondition(offered: readonly Topic[]): string {
  return `coalesce(topic, '') IN (${['', ...offered].map((topic) => `'${topic}'`).join(', ')})`
}
