import type { QuotaPolicy } from '../../credits.ts'
import { problems } from '../../problem.ts'
import type { Challenge } from '../../question.ts'
import { checkPreconditions, chooseFromBank, isFree, toEmptyOutcome } from '../claim.ts'
import type { ClaimOutcome, ClaimRequest, Quota, Store } from '../store.ts'
import type { Session } from './connections.ts'
import { importRows } from './import.ts'
import { openPostgres, type PostgresOptions, retryConflicts } from './opening.ts'
import { handOverReady, readHistory, readReadOnly } from './plain.ts'
import { createReads } from './reads.ts'
import { transact } from './transaction.ts'
import { createTurns } from './turns.ts'

/**
 * The store in a PostgreSQL database, which any number of processes may share. A claim locks the user's quota first, so
 * that claims of one user take turns and claims of different users never wait for each other.
 * @throws Error with one sentence for the operator if the database cannot be used.
 */
export async function createPostgresStore(
  options: PostgresOptions & { policy: QuotaPolicy },
): Promise<Store> {
  const { policy, timeoutMs } = options
  const connections = await openPostgres(options)
  const readInGroup = createReads(connections)
  const inTurn = createTurns()
  const read = <T>(work: (session: Session) => Promise<T>) =>
    retryConflicts((deadline) => readInGroup(deadline, work), timeoutMs)
  const write = <T>(work: (session: Session) => Promise<T>) =>
    retryConflicts((deadline) => transact(connections, deadline, work), timeoutMs)
  /** For writes that lock the user's row. Without turns, one user whose row is locked would hold every connection. */
  const writeInTurn = <T>(userId: string, work: (session: Session) => Promise<T>) =>
    retryConflicts(
      (deadline) => inTurn(userId, deadline, () => transact(connections, deadline, work)),
      timeoutMs,
    )
  const refresh = (userId: string, now: number) =>
    writeInTurn(userId, (session) => refreshQuota(session, policy, userId, now))

  return {
    async refreshQuota(userId, now) {
      const stored = await read(({ run }) => run.quota(userId))
      if (stored && policy.refill(stored, now) === stored) return { ...stored, userId }
      return refresh(userId, now)
    },
    async openQuota(userId, now) {
      const stored = await read(({ run }) => run.quota(userId))
      if (!stored) await refresh(userId, now)
    },
    eraseUser: (userId) =>
      writeInTurn(userId, async ({ run }) => {
        // An in-flight first claim may hold an uncommitted quota row. Inserting the same key blocks until it commits, so
        // that the deletes below see its challenge.
        await run.openQuota({ userId, remaining: 0, limit: 0, lastReset: 0 })
        await run.eraseQuota(userId)
        await run.eraseAssignments(userId)
      }),
    claim: (request) => writeInTurn(request.userId, (session) => claim(session, policy, request)),
    addReady: (question, now) =>
      write(async ({ run }) => (await run.addQuestion(question, 'ready', now)) !== undefined),
    countReady: (difficulty) => read(({ run }) => run.countReady(difficulty)),
    recentQuestions: (difficulty) => read(({ run }) => run.recentQuestions(difficulty)),
    history: (request) => read(({ db }) => readHistory(db, request)),
    importRows: (rows) => write(({ db }) => importRows(db, rows)),
    async ping() {
      const readOnly = await read(({ db }) => readReadOnly(db))
      if (readOnly) {
        const cause = Object.assign(new Error('The database is read-only.'), { code: 'DATABASE_READ_ONLY' })
        throw problems.databaseUnavailable(cause)
      }
    },
    close: connections.close,
  }
}

/** The quota at `now`, locked; opens or refills it first if that is due. */
async function refreshQuota(
  session: Session,
  policy: QuotaPolicy,
  userId: string,
  now: number,
): Promise<Quota> {
  const stored = await session.run.lockQuota(userId)
  if (!stored) {
    // Another transaction may open the quota, or erase it, at the same moment: look again.
    await session.run.openQuota({ userId, ...policy.open(now) })
    return refreshQuota(session, policy, userId, now)
  }
  const refilled = policy.refill(stored, now)
  if (refilled !== stored) await session.run.setQuota({ userId, ...refilled })
  return { ...stored, ...refilled, userId }
}

async function claim(session: Session, policy: QuotaPolicy, request: ClaimRequest): Promise<ClaimOutcome> {
  const { userId, difficulty, now, idempotencyKey: key = null, supply } = request
  if (supply.from === 'model') await session.run.addQuestion(supply.question, 'ready', now)
  // The lock comes before the look at the key: the second of two repeats finds the challenge of the first.
  const quota = await refreshQuota(session, policy, userId, now)
  const earlier = key === null ? undefined : await session.run.byKey(userId, key)
  const settled = checkPreconditions(request, earlier, quota)
  if (settled) return settled

  const challenge =
    supply.from === 'bank'
      ? await handOverFromBank(session, request)
      : await handOverReady(session.db, { userId, difficulty, now, key })
  if (!challenge) return toEmptyOutcome(supply, quota)
  return { outcome: 'claimed', challenge, replayed: false, charged: !isFree(supply) }
}

/** Assigns a question of the bank, which is stored first unless it is, and charges for it unless it is free. */
async function handOverFromBank(session: Session, request: ClaimRequest): Promise<Challenge | undefined> {
  const { userId, difficulty, now, idempotencyKey = null, supply } = request
  if (supply.from !== 'bank') return undefined
  const had = await session.run.hadOfBank(userId, difficulty)
  const question = chooseFromBank(
    supply,
    had.map(({ bankId }) => bankId),
  )
  if (!question) return undefined
  const added = await session.run.addQuestion(question, 'circulating', now)
  // A conflict waits for the other transaction, so that its row is visible afterwards.
  const stored = added ?? (await session.run.byFingerprint(question.fingerprint))
  if (!stored) return undefined
  const charged = !isFree(supply)
  const assigned = await session.run.assign({ questionId: stored.id, userId, now, idempotencyKey, charged })
  if (charged) await session.run.charge(userId)
  return assigned && session.run.challenge(assigned.id)
}
