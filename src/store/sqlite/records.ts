import type { Answered, AnswerRequest, Reported, ReportRequest } from '../records.ts'
import type { Soundness } from '../soundness.ts'
import type { ClaimRequest } from '../store.ts'
import type { Statements } from './statements.ts'
import { checkSuspicion } from './suspects.ts'

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

export function recordAnswer(
  run: Statements,
  sound: Soundness,
  request: AnswerRequest,
): Answered | undefined {
  const { userId, challengeId, answerId, now } = request
  const challenge = findChallenge(run, sound, userId, challengeId)
  if (!challenge) return undefined
  const { difficulty, topic, correctAnswerId } = challenge
  const correct = answerId === correctAnswerId ? 1 : 0
  const answered = run.setAnswer.get({ ...request, correct, difficulty, topic })
  if (!answered) return { challenge }
  const figures = run.countAnswer.get({ ...answered, answerId })
  const suspected = figures && checkSuspicion(run, figures)
  return {
    challenge: { ...challenge, answerId, answeredAt: now },
    ...answered,
    ...(suspected && { suspected }),
  }
}

export function recordReport(
  run: Statements,
  sound: Soundness,
  request: ReportRequest,
): Reported | undefined {
  if (!findChallenge(run, sound, request.userId, request.challengeId)) return undefined
  const first = run.setFirstReport.get(request)
  if (!first) {
    const replaced = run.replaceReport.get(request)
    return replaced && { ...replaced, first: false }
  }
  const figures = run.countReport.get({ ...first, userId: request.userId })
  const suspected = figures && checkSuspicion(run, figures)
  return { ...first, first: true, ...(suspected && { suspected }) }
}
