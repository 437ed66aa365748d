import type { QuotaPolicy } from '../../credits.ts'
import type { Topic } from '../../topics.ts'
import {
  checkPreconditions,
  chooseFromBank,
  isFree,
  leastOfLibrary,
  toClaimed,
  toEmptyOutcome,
} from '../claim.ts'
import type { ClaimOutcome, ClaimRequest, Quota } from '../store.ts'
import { drawFromLibrary } from './library.ts'
import type { Statements } from './statements.ts'

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
  offered: readonly Topic[],
  request: ClaimRequest,
): ClaimOutcome {
  const { userId, now, idempotencyKey = null, topic: requestedTopic = null, supply } = request
  if (supply.from === 'model') run.addQuestion.get({ ...supply.question, state: 'ready', dateCreated: now })

  const quota = refreshQuota(run, policy, userId, now)
  const earlier = idempotencyKey === null ? undefined : run.byKey.get({ userId, idempotencyKey })
  const outcome = checkPreconditions(request, earlier, quota)
  if (outcome) return outcome

  const least = leastOfLibrary(supply)
  const drawn = least && drawFromLibrary(run, request, least, offered)
  const question = drawn || takeNew(run, request)
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
function takeNew(run: Statements, request: ClaimRequest) {
  const { difficulty, topic, supply } = request
  if (supply.from === 'library') return undefined
  if (supply.from === 'bank') return takeFromBank(run, request)
  return topic === undefined ? run.takeReady.get({ difficulty }) : run.takeReadyOf.get({ difficulty, topic })
}

/** Chooses a question of the bank, and stores the question if it is new. */
function takeFromBank(run: Statements, { userId, difficulty, now, supply }: ClaimRequest) {
  if (supply.from !== 'bank') return undefined
  const seen = run.listSeenOfBank.all({ userId, difficulty }).map(({ bankId }) => bankId)
  const retired = run.listRetiredOfBank.all().map(({ bankId }) => bankId)
  const question = chooseFromBank(supply, seen, retired)
  if (!question) return undefined
  const stored = run.byFingerprint.get({ fingerprint: question.fingerprint })
  return stored ?? run.addQuestion.get({ ...question, state: 'circulating', dateCreated: now })
}
