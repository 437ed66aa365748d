import type { Answered, AnswerRequest, Reported, ReportRequest } from '../records.ts'
import type { Soundness } from '../soundness.ts'
import type { ClaimRequest } from '../store.ts'
import type { Statements } from './statements.ts'
import { checkSuspicion } from './suspects.ts'

// The caller opens the transaction. An update waits for a concurrent one of the same row, and then finds its result.

/** Finds the challenge of an idempotency key. The key of a damaged one is free again. */
export async function findByKey(run: Statements, sound: Soundness, { userId, idempotencyKey }: ClaimRequest) {
  if (idempotencyKey === undefined) return undefined
  const [earlier] = await run.byKey.execute({ userId, idempotencyKey })
  if (!earlier || sound.isChallenge(earlier)) return earlier
  await run.releaseKey.execute({ id: earlier.id })
  return undefined
}

/** Finds a challenge of the user that is not damaged. */
export async function findChallenge(run: Statements, sound: Soundness, userId: string, id: number) {
  const [challenge] = await run.findChallenge.execute({ userId, id })
  return challenge && sound.isChallenge(challenge) ? challenge : undefined
}

export async function recordAnswer(
  run: Statements,
  sound: Soundness,
  request: AnswerRequest,
): Promise<Answered | undefined> {
  const { userId, challengeId, answerId, now } = request
  const challenge = await findChallenge(run, sound, userId, challengeId)
  if (!challenge) return undefined
  const [answered] = await run.setAnswer.execute(request)
  if (answered) {
    const [figures] = await run.countAnswer.execute({ ...answered, answerId })
    const suspected = figures && (await checkSuspicion(run, figures))
    const recorded = { ...challenge, answerId, answeredAt: now }
    return { challenge: recorded, ...answered, ...(suspected && { suspected }) }
  }
  // A concurrent answer may have come first.
  const counting = await findChallenge(run, sound, userId, challengeId)
  return counting && { challenge: counting }
}

export async function recordReport(
  run: Statements,
  sound: Soundness,
  request: ReportRequest,
): Promise<Reported | undefined> {
  if (!(await findChallenge(run, sound, request.userId, request.challengeId))) return undefined
  const [first] = await run.setFirstReport.execute(request)
  if (!first) {
    const [replaced] = await run.replaceReport.execute(request)
    return replaced && { ...replaced, first: false }
  }
  // The lock comes first, so that the count sees the reports of concurrent transactions.
  await run.findState.execute({ id: first.questionId })
  const [figures] = await run.countReport.execute({ ...first, userId: request.userId })
  const suspected = figures && (await checkSuspicion(run, figures))
  return { ...first, first: true, ...(suspected && { suspected }) }
}
