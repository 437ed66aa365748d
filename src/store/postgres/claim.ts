import type { Quota, QuotaPolicy } from '../../quota.ts'
import type { Topic } from '../../topics.ts'
import { checkPreconditions, leastOfLibrary, toClaimed, toEmptyOutcome } from '../claim.ts'
import type { Soundness } from '../soundness.ts'
import type { ClaimOutcome, ClaimRequest } from '../store.ts'
import { assignFromBank, assignSound } from './bank.ts'
import type { Session } from './connections.ts'
import { assignFromLibrary } from './library.ts'
import type { prepareAssignReady } from './plain-sql.ts'
import { findByKey } from './records.ts'
import type { SmallLibraries } from './small-libraries.ts'
import type { Statements } from './statements.ts'

// The caller opens the transaction.

/** The topics that the server offers, the sizes that it remembers, and the hand-over from the pool. */
type Supplies = {
  sound: Soundness
  offered: readonly Topic[]
  small: SmallLibraries
  assignReady: ReturnType<typeof prepareAssignReady>
}

/** Locks the quota and returns it as of `now`, after opening or refilling the quota if that is due. */
export async function refreshQuota(
  run: Statements,
  policy: QuotaPolicy,
  userId: string,
  now: number,
): Promise<Quota> {
  const [stored] = await run.lockQuota.execute({ userId })
  if (!stored) {
    // Another transaction may open the quota, or erase it, at the same moment: look again.
    await run.openQuota.execute({ userId, ...policy.open(now) })
    return refreshQuota(run, policy, userId, now)
  }
  const refilled = policy.refill(stored, now)
  if (refilled !== stored) await run.setQuota.execute({ userId, ...refilled })
  return { ...stored, ...refilled, userId }
}

/** Assigns a question to the user (`Store.claim`). */
export async function claim(
  { sql, run }: Session,
  policy: QuotaPolicy,
  request: ClaimRequest,
  supplies: Supplies,
): Promise<ClaimOutcome> {
  const { userId, now, idempotencyKey, supply } = request
  if (supply.from === 'model') {
    await run.addQuestion.execute({ ...supply.question, state: 'ready', dateCreated: now })
  }
  const least = leastOfLibrary(supply)
  const isPassed = least !== undefined && supplies.small.pass(request, least)
  // Most claims from the pool find a quota that is current: one statement locks the quota and assigns.
  if (idempotencyKey === undefined && (least === undefined || isPassed)) {
    const taken = await takeReady({ sql, run }, request, supplies)
    if (taken) return toClaimed(taken.challenge, supply.from, taken.quota)
  }
  // The lock comes before the look at the key: the second of two repeats finds the challenge of the first.
  const quota = await refreshQuota(run, policy, userId, now)
  const earlier = await findByKey(run, supplies.sound, request)
  const settled = checkPreconditions(request, earlier, quota)
  if (settled) return settled

  const draw = async () =>
    least === undefined
      ? undefined
      : assignSound({ sql, run }, supplies.sound, () => assignFromLibrary(sql, request, least, supplies))
  const drawn = isPassed ? undefined : await draw()
  if (drawn) return toClaimed(drawn, 'library', quota)
  const challenge = await assignNew({ sql, run }, request, supplies)
  if (challenge) return toClaimed(challenge, supply.from, quota)
  // A library that has grown saves a generation.
  const late = isPassed ? await draw() : undefined
  return late ? toClaimed(late, 'library', quota) : toEmptyOutcome(supply, quota)
}

/** Assigns a question from the pool or from the bank. */
async function assignNew(
  { sql, run }: Pick<Session, 'sql' | 'run'>,
  request: ClaimRequest,
  supplies: Supplies,
) {
  if (request.supply.from === 'bank') return assignFromBank(run, supplies.sound, request)
  return (await takeReady({ sql, run }, request, supplies))?.challenge
}

/** Assigns a question from the pool. Returns the quota before the charge too. */
async function takeReady(
  session: Pick<Session, 'sql' | 'run'>,
  request: ClaimRequest,
  { sound, assignReady }: Supplies,
) {
  const { from } = request.supply
  if (from === 'library' || from === 'bank') return undefined
  const taken = await assignSound(session, sound, () => assignReady(session.sql, request))
  if (!taken) return undefined
  const { quota, ...challenge } = taken
  return { challenge, quota }
}
