import type { Challenge, Question } from '../../question.ts'
import { chooseFromBank, isFree } from '../claim.ts'
import type { Soundness } from '../soundness.ts'
import type { ClaimRequest } from '../store.ts'
import type { Session } from './connections.ts'
import { retireDamaged } from './library.ts'
import { undoAssignment } from './plain-sql.ts'
import type { Statements } from './statements.ts'

/** Assigns a question of the bank, after storing it if it is new. Charges a credit unless the claim is free. */
export async function assignFromBank(
  run: Statements,
  sound: Soundness,
  request: ClaimRequest,
): Promise<Challenge | undefined> {
  const { userId, now, idempotencyKey = null, topic: requestedTopic = null, supply } = request
  if (supply.from !== 'bank') return undefined
  const [seen, retired] = await Promise.all([
    run.listSeenOfBank.execute({ userId }),
    run.listRetiredOfBank.execute(),
  ])
  const toIds = (entries: { bankId: string }[]) => entries.map(({ bankId }) => bankId)
  const question = chooseFromBank(supply, toIds(seen), toIds(retired))
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
  if (known) await retireDamaged(run, known.id)
  const [added] = await run.addQuestion.execute({ ...question, state: 'circulating', dateCreated: now })
  // A conflict waits for the other transaction, so that its row is visible afterwards.
  const [stored] = added ? [added] : await run.byFingerprint.execute({ fingerprint })
  return stored?.id
}

/** Assigns the first question that is not damaged; retires damaged ones before it. */
export async function assignSound<Assigned extends Challenge>(
  { sql, run }: Pick<Session, 'sql' | 'run'>,
  sound: Soundness,
  assign: () => Promise<Assigned | undefined>,
): Promise<Assigned | undefined> {
  for (;;) {
    const assigned = await assign()
    if (!assigned || sound.isChallenge(assigned)) return assigned
    await retireDamaged(run, await undoAssignment(sql, assigned.id))
  }
}
