import type { AnswerRequest, Reported, ReportRequest } from '../records.ts'
import type { Soundness } from '../soundness.ts'
import type { ClaimRequest } from '../store.ts'
import type { Statements } from './statements.ts'

// The caller opens the transaction.

/** Finds the challenge of an idempotency key. The key of a damaged one is free again. */
export function findByKey(run: Statements, sound: Soundness, { userId, idempotencyKey }: ClaimRequest) {
  if (idempotencyKey === undefined) return undefined
  const earlier = run.byKey.get({ userId, idempotencyKey })
  if (!earlier || sound.isChallenge(earlier)) return earlier
  run.releaseKey.run({ id: earlier.id })
  return undefined
}

/** Finds a challenge of the user that is not damaged. */
export function findChallenge(run: Statements, sound: Soundness, userId: string, id: number) {
  const challenge = run.findChallenge.get({ userId, id })
  return challenge && sound.isChallenge(challenge) ? challenge : undefined
}

export function recordAnswer(run: Statements, sound: Soundness, request: AnswerRequest) {
  const { userId, challengeId, answerId, now } = request
  const challenge = findChallenge(run, sound, userId, challengeId)
  if (!challenge) return undefined
  const answered = run.setAnswer.get(request)
  if (!answered) return { challenge }
  run.countAnswer.run({ ...answered, answerId })
  return { challenge: { ...challenge, answerId, answeredAt: now }, ...answered }
}

export function recordReport(run: Statements, request: ReportRequest): Reported | undefined {
  const first = run.setFirstReport.get(request)
  if (first) run.countReport.run(first)
  const reported = first ?? run.replaceReport.get(request)
  return reported && { ...reported, first: first !== undefined }
}
