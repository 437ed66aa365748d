import type { Challenge, Question } from '../../question.ts'
import { chooseFromBank, isFree } from '../claim.ts'
import type { Soundness } from '../soundness.ts'
import type { ClaimRequest } from '../store.ts'
import type { Session } from './connections.ts'
import { undoAssignment } from './plain.ts'
import type { Statements } from './statements.ts'

/** Assigns a question of the bank, after storing it if it is new. Charges a credit unless the claim is free. */
export async function assignFromBank(
  run: Statements,
  sound: Soundness,
  request: ClaimRequest,
): Promise<Challenge | undefined> {
  const { userId, difficulty, now, idempotencyKey = null, topic: requestedTopic = null, supply } = request
  if (supply.from !== 'bank') return undefined
  const had = await run.listSeenOfBank.execute({ userId, difficulty })
  const bankIds = had.map(({ bankId }) => bankId)
  const question = chooseFromBank(supply, bankIds)
  if (!question) return undefined
  const questionId = await storeOnce(run, sound, question, now)
  const charged = !isFree(supply)
  const assignment = { questionId, userId, now, idempotencyKey, requestedTopic, charged }
  const [assigned] = await run.assign.execute(assignment)
  if (charged) await run.charge.execute({ userId })
  const [challenge] = await run.challenge.execute({ id: assigned?.id })
  return challenge
}

/** Stores a question of the bank unless it is stored; returns its id. */
async function storeOnce(
  run: Statements,
  sound: Soundness,
  question: Question,
  now: number,
): Promise<number | undefined> {
  const { fingerprint } = question
  // An insert that conflicts uses up an id: look first.
  const [known] = await run.byFingerprint.execute({ fingerprint })
  if (known && sound.isQuestion(known)) return known.id
  if (known) await run.retireDamaged.execute({ id: known.id })
  const [added] = await run.addQuestion.execute({ ...question, state: 'circulating', dateCreated: now })
  // A conflict waits for the other transaction, so that its row is visible afterwards.
  const [stored] = added ? [added] : await run.byFingerprint.execute({ fingerprint })
  return stored?.id
}

/** Assigns the first ready question that is not damaged; retires damaged ones before it. */
export async function assignSound(
  sql: Session['sql'],
  sound: Soundness,
  assignReady: () => Promise<Challenge | undefined>,
) {
  for (;;) {
    const challenge = await assignReady()
    if (!challenge || sound.isChallenge(challenge)) return challenge
    await undoAssignment(sql, challenge.id)
  }
}
