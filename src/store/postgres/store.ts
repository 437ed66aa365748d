import type { QuotaPolicy } from '../../credits.ts'
import { problems } from '../../problem.ts'
import type { Challenge } from '../../question.ts'
import { type Topic, topicIds } from '../../topics.ts'
import { checkPreconditions, toClaimed, toEmptyOutcome } from '../claim.ts'
import { beforeFirst } from '../records.ts'
import { createSoundness, dropId, type ReportDamage, readSound, type Soundness } from '../soundness.ts'
import type { ClaimOutcome, ClaimRequest, Quota, Store } from '../store.ts'
import { assignFromBank, assignSound } from './bank.ts'
import type { Session } from './connections.ts'
import { importRows } from './import.ts'
import { openPostgres, type PostgresOptions, retryConflicts } from './opening.ts'
import { prepareAssignReady, readHistory, readReadOnly } from './plain.ts'
import { createReads } from './reads.ts'
import { findByKey, findChallenge, recordAnswer, recordReport } from './records.ts'
import type { Statements } from './statements.ts'
import { transact } from './transaction.ts'
import { createTurns } from './turns.ts'

/**
 * Creates a store on a PostgreSQL database, which any number of processes may share. A claim locks the user's quota
 * first, so that claims of one user run one after another and claims of different users never wait for each other.
 * @throws Error with one sentence for the operator if the database cannot be used
 */
export async function createPostgresStore(
  options: PostgresOptions & {
    policy: QuotaPolicy
    topics?: readonly Topic[] | undefined
    /** Called for each damaged row that a method leaves out. */
    onDamaged?: ReportDamage | undefined
  },
): Promise<Store> {
  const { policy, timeoutMs, topics = topicIds } = options
  const sound = createSoundness(options.onDamaged ?? (() => undefined))
  const assignReady = prepareAssignReady(topics)
  const connections = await openPostgres(options)
  const readInGroup = createReads(connections)
  const inTurn = createTurns()
  const read = <T>(work: (session: Session) => Promise<T>) =>
    retryConflicts((deadline) => readInGroup(deadline, work), timeoutMs)
  const write = <T>(work: (session: Session) => Promise<T>) =>
    retryConflicts((deadline) => transact(connections, deadline, work), timeoutMs)
  /** Runs a user's writes one after another. Otherwise a user whose quota is locked could occupy every connection. */
  const writeInTurn = <T>(userId: string, work: (session: Session) => Promise<T>) =>
    retryConflicts(
      (deadline) => inTurn(userId, deadline, () => transact(connections, deadline, work)),
      timeoutMs,
    )
  const refresh = (userId: string, now: number) =>
    writeInTurn(userId, ({ run }) => refreshQuota(run, policy, userId, now))

  return {
    async refreshQuota(userId, now) {
      const [stored] = await read(({ run }) => run.quota.execute({ userId }))
      if (stored && policy.refill(stored, now) === stored) return { ...stored, userId }
      return refresh(userId, now)
    },
    async openQuota(userId, now) {
      const [stored] = await read(({ run }) => run.quota.execute({ userId }))
      if (!stored) await refresh(userId, now)
    },
    eraseUser: (userId) =>
      writeInTurn(userId, async ({ run }) => {
        // An in-flight first claim may hold an uncommitted quota row. Inserting the same key blocks until it commits, so
        // that the deletes below see its challenge.
        await run.openQuota.execute({ userId, remaining: 0, limit: 0, lastReset: 0 })
        await run.eraseQuota.execute({ userId })
        await run.eraseAssignments.execute({ userId })
      }),
    claim: (request) =>
      writeInTurn(request.userId, ({ sql, run }) =>
        claim(run, sound, policy, request, () => assignSound(sql, sound, () => assignReady(sql, request))),
      ),
    addReady: (question, now) =>
      write(async ({ run }) => {
        const row = { ...question, state: 'ready', dateCreated: now }
        return (await run.addQuestion.execute(row)).length > 0
      }),
    countReady: () => read(({ run }) => run.countReady.execute()),
    recentQuestions: async (topic) =>
      (await read(({ run }) => run.recentQuestions.execute({ topic }))).filter(sound.isRecent).map(dropId),
    history: (request) =>
      readSound(request, (page) => read(({ sql }) => readHistory(sql, page)), sound.isChallenge),
    findChallenge: (userId, id) => read(({ run }) => findChallenge(run, sound, userId, id)),
    answer: (request) => writeInTurn(request.userId, ({ run }) => recordAnswer(run, sound, request)),
    report: (request) => writeInTurn(request.userId, ({ run }) => recordReport(run, request)),
    listAnswers: (request) =>
      readSound(
        request,
        ({ userId, after = beforeFirst, limit }) =>
          read(({ run }) => run.listAnswers.execute({ userId, ...after, limit })),
        sound.isAnswer,
      ),
    importRows: (rows) => write(({ db }) => importRows(db, rows)),
    async ping() {
      const readOnly = await read(({ sql }) => readReadOnly(sql))
      if (readOnly) {
        const cause = Object.assign(new Error('The database is read-only.'), { code: 'DATABASE_READ_ONLY' })
        throw problems.databaseUnavailable(cause)
      }
    },
    close: connections.close,
  }
}

/** Locks the quota and returns it as of `now`, after opening or refilling the quota if that is due. */
async function refreshQuota(
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

async function claim(
  run: Statements,
  sound: Soundness,
  policy: QuotaPolicy,
  request: ClaimRequest,
  assignReady: () => Promise<Challenge | undefined>,
): Promise<ClaimOutcome> {
  const { userId, now, supply } = request
  if (supply.from === 'model') {
    await run.addQuestion.execute({ ...supply.question, state: 'ready', dateCreated: now })
  }
  // The lock comes before the look at the key: the second of two repeats finds the challenge of the first.
  const quota = await refreshQuota(run, policy, userId, now)
  const earlier = await findByKey(run, sound, request)
  const settled = checkPreconditions(request, earlier, quota)
  if (settled) return settled

  const challenge = supply.from === 'bank' ? await assignFromBank(run, sound, request) : await assignReady()
  if (!challenge) return toEmptyOutcome(supply, quota)
  return toClaimed(challenge, quota)
}
