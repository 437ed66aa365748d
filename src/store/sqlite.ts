import { drizzle } from 'drizzle-orm/bun-sqlite'
import type { QuotaPolicy } from '../quota/policy.ts'
import { earlyOutcome, isFree } from './claim.ts'
import { createGroupCommit } from './group-commit.ts'
import { createGroupRead } from './group-read.ts'
import { createPlaceCheck, openSqliteFile } from './sqlite-file.ts'
import { readHistory } from './sqlite-history.ts'
import { prepareStatements, type Statements } from './sqlite-statements.ts'
import { takeOver } from './sqlite-takeover.ts'
import type { ClaimOutcome, ClaimRequest, Quota, Store } from './store.ts'

/**
 * The store in one SQLite file, which several processes may share. What is written is synchronous (an asynchronous
 * transaction would commit at its first `await`), and shares a transaction with what else is written at the moment, as
 * what is read shares one with what else is read.
 * @throws Error with one sentence for the operator if the file cannot be used.
 */
export function createSqliteStore({ path, policy }: { path: string; policy: QuotaPolicy }): Store {
  const file = openSqliteFile(path)
  const db = drizzle({ client: file })
  const statements = prepareStatements(db, file)
  const checkPlace = createPlaceCheck(path)
  const write = createGroupCommit(file, checkPlace)
  const { read, readAlone } = createGroupRead(file, checkPlace)
  const writeQuota = (userId: string, now: number) => write(() => quota(statements, policy, userId, now))

  return {
    quota: async (userId, now) =>
      (await read(() => settled(statements, policy, userId, now))) ?? writeQuota(userId, now),
    async openQuota(userId, now) {
      const stored = await read(() => statements.quota.get({ userId }))
      if (!stored) await writeQuota(userId, now)
    },
    eraseUser: (userId) =>
      write(() => {
        statements.eraseChallenges.run({ userId })
        statements.eraseQuota.run({ userId })
      }),
    claim: (request) => write(() => claim(statements, policy, request)),
    addReady: (draft, now) =>
      write(() => statements.addReady.get({ ...draft, dateCreated: now }) !== undefined),
    countReady: (difficulty) => read(() => statements.countReady.get({ difficulty })?.count ?? 0),
    isAsked: (fingerprint) => read(() => statements.byFingerprint.get({ fingerprint }) !== undefined),
    recentTitles: (difficulty, count) =>
      read(() => statements.recentTitles.all({ difficulty, count }).map(({ title }) => title)),
    async history(request, now) {
      const { userId } = request
      // Not with others: pages that wait for one another fill the memory, and are slower (docs/performance.md).
      const [page, stored] = await readAlone(() => [
        readHistory(file, request),
        statements.quota.get({ userId }),
      ])
      if (!stored) await writeQuota(userId, now)
      return page
    },
    takeOver: (rows) => write(() => takeOver(db, rows)),
    ping: () =>
      read(() => {
        statements.quota.get({ userId: '' })
      }),
    async close() {
      file.close()
    },
  }
}

/** The quota as stored, if nothing is due at `now`: most looks need no write. */
function settled(run: Statements, policy: QuotaPolicy, userId: string, now: number): Quota | undefined {
  const stored = run.quota.get({ userId })
  return stored && policy.refill(stored, now) === stored ? { ...stored, userId } : undefined
}

/** The quota at `now`; opened or refilled, and written down, if that is due. */
function quota(run: Statements, policy: QuotaPolicy, userId: string, now: number): Quota {
  const stored = run.quota.get({ userId })
  if (!stored) {
    const opened = policy.open(now)
    return { ...run.openQuota.get({ userId, ...opened }), ...opened, userId }
  }
  const refilled = policy.refill(stored, now)
  if (refilled !== stored) run.setQuota.run({ userId, ...refilled })
  return { ...stored, ...refilled, userId }
}

function claim(run: Statements, policy: QuotaPolicy, request: ClaimRequest): ClaimOutcome {
  const { userId, now, idempotencyKey = null, supply } = request
  if (supply.from === 'draft') run.addReady.get({ ...supply.draft, dateCreated: now })

  const credits = quota(run, policy, userId, now)
  const earlier = idempotencyKey === null ? undefined : run.byKey.get({ userId, idempotencyKey })
  const early = earlyOutcome(request, earlier, credits)
  if (early) return early

  const ready = take(run, request)
  if (!ready) return { outcome: 'empty', quota: credits }
  run.handOver.run({ id: ready.id, userId, dateCreated: now, idempotencyKey })
  if (!isFree(supply)) run.charge.run({ userId })
  return {
    outcome: 'claimed',
    challenge: { ...ready, dateCreated: now },
    replayed: false,
    charged: !isFree(supply),
  }
}

function take(run: Statements, { userId, difficulty, now, supply }: ClaimRequest) {
  if (supply.from !== 'bank') return run.firstReady.get({ difficulty })
  const seen = run.seenOfBank.all({ userId, difficulty }).map(({ bankId }) => bankId ?? '')
  const draft = supply.pick(seen)
  if (!draft) return undefined
  const { bankId, fingerprint, ...challenge } = draft
  return { ...challenge, ...run.addReady.get({ ...draft, dateCreated: now }) }
}
