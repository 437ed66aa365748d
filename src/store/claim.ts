import { randomInt } from 'node:crypto'
import type { Challenge, Question } from '../question.ts'
import type { ClaimOutcome, ClaimRequest, Quota, Supply } from './store.ts'

/**
 * The outcome of a claim that is settled before anything is handed over, else `undefined`. `earlier` is the challenge
 * that the idempotency key got before, `quota` the user's quota now.
 */
export function checkPreconditions(
  { difficulty, supply }: ClaimRequest,
  earlier: Challenge | undefined,
  quota: Quota,
): ClaimOutcome | undefined {
  if (earlier && earlier.difficulty !== difficulty) return { outcome: 'mismatch' }
  if (earlier) return { outcome: 'claimed', challenge: earlier, replayed: true, charged: false }
  if (!isFree(supply) && quota.remaining === 0) return { outcome: 'exhausted', quota }
  return undefined
}

/** The outcome of a claim whose supply had no question for the user. */
export function toEmptyOutcome({ from }: Supply, quota: Quota): ClaimOutcome {
  if (from === 'bank') return { outcome: 'all_seen', quota }
  return { outcome: from === 'model' ? 'repeat' : 'empty', quota }
}

/** Whether a challenge from this supply costs no credit. */
export function isFree(supply: Supply): boolean {
  return supply.from === 'bank' && supply.free
}

/** The question of the bank for a user who has had the entries `had`, the one had longest ago first. */
export function chooseFromBank(
  { questions, repeats }: Extract<Supply, { from: 'bank' }>,
  had: string[],
): Question | undefined {
  const hadIds = new Set(had)
  const fresh = questions.filter(({ bankId }) => !hadIds.has(bankId ?? ''))
  if (fresh.length > 0) return fresh[randomInt(fresh.length)]
  if (!repeats) return undefined
  const byId = new Map(questions.map((question) => [question.bankId, question]))
  const oldest = had.find((bankId) => byId.has(bankId))
  return oldest === undefined ? undefined : byId.get(oldest)
}
