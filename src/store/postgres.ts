import { unavailable } from '../problem.ts'
import type { QuotaPolicy } from '../quota/policy.ts'
import { earlyOutcome, isFree } from './claim.ts'
import type { Session } from './postgres-connections.ts'
import { readHistory } from './postgres-history.ts'
import { createReads } from './postgres-reads.ts'
import { openPostgres, type PostgresOptions, retryConflicts } from './postgres-server.ts'
import type { Statements } from './postgres-statements.ts'
import { takeOver } from './postgres-takeover.ts'
import { transact } from './postgres-transaction.ts'
import type { ClaimOutcome, ClaimRequest, Quota, Store } from './store.ts'
import { createTurns } from './turns.ts'

/**
 * The store in a PostgreSQL database, which any number of processes may share. A claim locks the user's quota first,
 * so that one user's claims take turns and different users' never wait for each other.
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
  const writeOf = <T>(userId: string, work: (run: Statements) => Promise<T>) =>
    retryConflicts(
      (deadline) => inTurn(userId, deadline, () => transact(connections, deadline, ({ run }) => work(run))),
      timeoutMs,
    )

  async function openQuota(userId: string, now: number) {
    const stored = await read(({ run }) => run.quota(userId))
    if (!stored) await writeOf(userId, (run) => quota(run, policy, userId, now))
  }

  return {
    async quota(userId, now) {
      const stored = await read(({ run }) => run.quota(userId))
      if (stored && policy.refill(stored, now) === stored) return { ...stored, userId }
      return writeOf(userId, (run) => quota(run, policy, userId, now))
    },
    openQuota,
    eraseUser: (userId) =>
      writeOf(userId, async (run) => {
        // A first claim under way has opened a quota that nobody sees yet. To open it too waits for that claim, as to
        // erase one that is there does; its challenge is then seen and erased too.
        await run.openQuota(userId, { remaining: 0, limit: 0, lastReset: 0 })
        await run.eraseQuota(userId)
        await run.eraseChallenges(userId)
      }),
    claim: (request) => writeOf(request.userId, (run) => claim(run, policy, request)),
    addReady: (draft, now) => write(async ({ run }) => (await run.addReady(draft, now)) !== undefined),
    countReady: (difficulty) => read(({ run }) => run.countReady(difficulty)),
    isAsked: (fingerprint) => read(async ({ run }) => (await run.byFingerprint(fingerprint)) !== undefined),
    recentTitles: (difficulty, count) =>
      read(async ({ run }) => (await run.recentTitles(difficulty, count)).map(({ title }) => title)),
    async history(request, now) {
      const [challenges] = await Promise.all([
        read(({ db }) => readHistory(db, request)),
        openQuota(request.userId, now),
      ])
      return challenges
    },
    takeOver: (rows) => write(({ db }) => takeOver(db, rows)),
    async ping() {
      const readOnly = await read(({ run }) => run.isReadOnly())
      if (readOnly) throw unavailable('The database is read-only right now; try again in a moment.')
    },
    close: connections.close,
  }
}

/** The quota at `now`, locked; opened or refilled, and written down, if that is due. */
async function quota(run: Statements, policy: QuotaPolicy, userId: string, now: number): Promise<Quota> {
  const stored = await run.lockQuota(userId)
  if (!stored) {
    // Somebody else may open it, or erase it, at the same moment: look again.
    await run.openQuota(userId, policy.open(now))
    return quota(run, policy, userId, now)
  }
  const refilled = policy.refill(stored, now)
  if (refilled !== stored) await run.setQuota(userId, refilled)
  return { ...stored, ...refilled, userId }
}

async function claim(run: Statements, policy: QuotaPolicy, request: ClaimRequest): Promise<ClaimOutcome> {
  const { userId, now, idempotencyKey = null, supply } = request
  if (supply.from === 'draft') await run.addReady(supply.draft, now)
  // Locked before the look at the key: of two repeats the second finds what the first has done.
  const credits = await quota(run, policy, userId, now)
  const earlier = idempotencyKey === null ? undefined : await run.byKey(userId, idempotencyKey)
  const early = earlyOutcome(request, earlier, credits)
  if (early) return early

  const challenge = await take(run, request)
  if (!challenge) return { outcome: 'empty', quota: credits }
  return { outcome: 'claimed', challenge, replayed: false, charged: !isFree(supply) }
}

async function take(run: Statements, { userId, difficulty, now, supply, ...request }: ClaimRequest) {
  const key = request.idempotencyKey ?? null
  if (supply.from !== 'bank') return run.handOverReady(userId, difficulty, now, key)
  const seen = await run.seenOfBank(userId, difficulty)
  const draft = supply.pick(seen.map(({ bankId }) => bankId ?? ''))
  const added = draft && (await run.addReady(draft, now))
  if (!added) return undefined
  await run.handOver(added.id, userId, now, key)
  if (!isFree(supply)) await run.charge(userId)
  const { bankId, fingerprint, ...challenge } = draft
  return { ...challenge, ...added, dateCreated: now }
}
