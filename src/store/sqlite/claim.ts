import type { Quota, QuotaPolicy } from '../../quota.ts'
import type { Topic } from '../../topics.ts'
import { checkPreconditions, isFree, leastOfLibrary, toClaimed, toEmptyOutcome } from '../claim.ts'
import type { Soundness } from '../soundness.ts'
import type { ClaimOutcome, ClaimRequest } from '../store.ts'
import { drawFromLibrary } from './library.ts'
import { findByKey } from './records.ts'
import type { Statements } from './statements.ts'
import { takeFromBank, takeReady } from './supply.ts'

// The caller opens the transaction.

/** Returns the quota at `now`, after opening or refilling the quota if that is due. */
export function refreshQuota(run: Statements, policy: QuotaPolicy, userId: string, now: number): Quota {
  const stored = run.quota.get({ userId })
  if (!stored) {
    const opened = policy.open(now)
    return { ...run.openQuota.get({ userId, ...opened }), ...opened, userId }
  }
  const refilled = policy.refill(stored, now)
  if (refilled !== stored) run.setQuota.run({ userId, ...refilled })
  return { ...stored, ...refilled, userId }
}

/** Assigns a question to the user (`Store.claim`). `offered` are the topics that the server offers. */
export function claim(
  run: Statements,
  policy: QuotaPolicy,
  request: ClaimRequest,
  { sound, offered }: { sound: Soundness; offered: readonly Topic[] },
): ClaimOutcome {
  const { userId, now, idempotencyKey = null, topic: requestedTopic = null, supply } = request
  if (supply.from === 'model') run.addQuestion.get({ ...supply.question, state: 'ready', dateCreated: now })

  const quota = refreshQuota(run, policy, userId, now)
  const earlier = findByKey(run, sound, request)
  const outcome = checkPreconditions(request, earlier, quota)
  if (outcome) return outcome

  const least = leastOfLibrary(supply)
  const drawn = least && drawFromLibrary(run, sound, request, least, offered)
  const question = drawn || takeNew(run, sound, request)
  if (!question) return toEmptyOutcome(supply, quota)
  const charged = !isFree(supply)
  const { id } = run.assign.get({
    questionId: question.id,
    userId,
    now,
    idempotencyKey,
    requestedTopic,
    charged,
  })
  if (charged) run.charge.run({ userId })
  const assigned = { id, createdBy: userId, dateCreated: now, charged, answerId: null, answeredAt: null }
  return toClaimed({ ...question, ...assigned }, drawn ? 'library' : supply.from, quota)
}

/** Takes a question from the pool or from the bank. */
function takeNew(run: Statements, sound: Soundness, request: ClaimRequest) {
  const { from } = request.supply
  if (from === 'library') return undefined
  return from === 'bank' ? takeFromBank(run, sound, request) : takeReady(run, sound, request)
}
