import { drizzle } from 'drizzle-orm/bun-sql'
import type { QuotaPolicy } from '../quota/policy.ts'
import { earlyOutcome, isFree } from './claim.ts'
import { readHistory } from './postgres-history.ts'
import { openPostgres, type PostgresOptions, retryConflicts } from './postgres-server.ts'
import { type Statements, statementsOf } from './postgres-statements.ts'
import { type Transaction, takeOver } from './postgres-takeover.ts'
import type { ClaimOutcome, ClaimRequest, Quota, Store } from './store.ts'

/** How long a close waits for statements under way; a server that hangs must not keep us. */
const closingSeconds = 5

/**
 * The store in a PostgreSQL database, which any number of processes may share. A claim locks the user's quota first,
 * so that one user's claims take turns and different users' never wait for each other.
 * @throws Error with one sentence for the operator if the database cannot be used.
 */
export async function createPostgresStore(
  options: PostgresOptions & { policy: QuotaPolicy },
): Promise<Store> {
  const { policy, timeoutMs } = options
  const client = await openPostgres(options)
  const db = drizzle({ client })
  const run = statementsOf(db)
  const retry = <T>(work: () => Promise<T>) => retryConflicts(work, timeoutMs)
  const transaction = <T>(work: (run: Statements, tx: Transaction) => Promise<T>) =>
    retryConflicts(
      (inTime) =>
        db.transaction(async (tx) => {
          // It may have waited for its connection too long, or for a row.
          inTime()
          const done = await work(statementsOf(tx), tx)
          inTime()
          return done
        }),
      timeoutMs,
    )

  async function openQuota(userId: string, now: number) {
    const stored = await retry(() => run.quota(userId))
    if (!stored) await transaction((tx) => quota(tx, policy, userId, now))
  }

  return {
    async quota(userId, now) {
      const stored = await retry(() => run.quota(userId))
      if (stored && policy.refill(stored, now) === stored) return { ...stored, userId }
      return transaction((tx) => quota(tx, policy, userId, now))
    },
    openQuota,
    eraseUser: (userId) =>
      transaction(async (tx) => {
        // A first claim under way has opened a quota that nobody sees yet. To open it too waits for that claim, as to
        // erase one that is there does; its challenge is then seen and erased too.
        await tx.openQuota(userId, { remaining: 0, limit: 0, lastReset: 0 })
        await tx.eraseQuota(userId)
        await tx.eraseChallenges(userId)
      }),
    claim: (request) => transaction((tx) => claim(tx, policy, request)),
    addReady: (draft, now) => transaction(async (tx) => (await tx.addReady(draft, now)) !== undefined),
    countReady: (difficulty) => retry(() => run.countReady(difficulty)),
    isAsked: (fingerprint) => retry(async () => (await run.byFingerprint(fingerprint)) !== undefined),
    recentTitles: (difficulty, count) =>
      retry(async () => (await run.recentTitles(difficulty, count)).map(({ title }) => title)),
    async history(request, now) {
      const [challenges] = await Promise.all([
        retry(() => readHistory(db, request)),
        openQuota(request.userId, now),
      ])
      return challenges
    },
    takeOver: (rows) => transaction((_, tx) => takeOver(tx, rows)),
    ping: () => retry(async () => void (await run.quota(''))),
    close: () => client.close({ timeout: closingSeconds }),
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
