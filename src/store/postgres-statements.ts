import { and, desc, eq, isNotNull, isNull, max, sql } from 'drizzle-orm'
import type { BunSQLDatabase } from 'drizzle-orm/bun-sql'
import type { Difficulty, Draft } from '../challenge.ts'
import type { Credits } from '../quota/policy.ts'
import { handOverReady } from './postgres-hand-over.ts'
import { challengeQuotas, challenges } from './schema.postgres.ts'
import type { Quota } from './store.ts'

const challenge = {
  id: challenges.id,
  difficulty: challenges.difficulty,
  dateCreated: challenges.dateCreated,
  title: challenges.title,
  options: challenges.options,
  correctAnswerId: challenges.correctAnswerId,
  explanation: challenges.explanation,
  source: challenges.source,
}

const isReady = (difficulty: Difficulty) =>
  and(eq(challenges.difficulty, difficulty), isNull(challenges.createdBy))
const ownedByUser = (userId: string) => eq(challenges.createdBy, userId)

const firstOf = async <T>(rows: PromiseLike<T[]>): Promise<T | undefined> => (await rows)[0]

type Connection = Pick<BunSQLDatabase, 'select' | 'insert' | 'update' | 'delete' | 'execute'>

/** Every statement of the PostgreSQL store, for one connection; Bun prepares each once. */
export function statementsOf(db: Connection) {
  // In plain SQL: the commonest of all, and Drizzle takes longer to put it together than PostgreSQL to run it.
  const quota = async (userId: string, lock = sql``) => {
    const [row] = await db.execute(sql`
      SELECT id, quota_remaining AS remaining, coalesce(quota_limit, quota_remaining) AS "limit",
        last_reset_date AS "lastReset"
      FROM challenge_quotas
      WHERE user_id = ${userId} ${lock}`)
    if (!row) return undefined
    // 64-bit numbers come as text.
    const { id, lastReset, ...rest } = row as Omit<Quota, 'userId'>
    return { ...rest, id: Number(id), lastReset: Number(lastReset) }
  }

  return {
    quota: (userId: string) => quota(userId),
    /** Locks the row: the transactions of one user take turns. */
    lockQuota: (userId: string) => quota(userId, sql`FOR UPDATE`),
    openQuota: (userId: string, { remaining, limit, lastReset }: Credits) =>
      db
        .insert(challengeQuotas)
        .values({ userId, quotaRemaining: remaining, quotaLimit: limit, lastResetDate: lastReset })
        .onConflictDoNothing(),
    setQuota: (userId: string, { remaining, limit, lastReset }: Credits) =>
      db
        .update(challengeQuotas)
        .set({ quotaRemaining: remaining, quotaLimit: limit, lastResetDate: lastReset })
        .where(eq(challengeQuotas.userId, userId)),
    charge: (userId: string) =>
      db
        .update(challengeQuotas)
        .set({ quotaRemaining: sql`${challengeQuotas.quotaRemaining} - 1` })
        .where(eq(challengeQuotas.userId, userId)),

    byKey: (userId: string, key: string) =>
      firstOf(
        db
          .select(challenge)
          .from(challenges)
          .where(and(ownedByUser(userId), eq(challenges.idempotencyKey, key))),
      ),
    handOverReady: (userId: string, difficulty: Difficulty, now: number, key: string | null) =>
      handOverReady(db, { userId, difficulty, now, key }),
    seenOfBank: (userId: string, difficulty: Difficulty) =>
      db
        .select({ bankId: challenges.bankId })
        .from(challenges)
        .where(and(ownedByUser(userId), eq(challenges.difficulty, difficulty), isNotNull(challenges.bankId)))
        .groupBy(challenges.bankId)
        .orderBy(max(challenges.dateCreated), max(challenges.id)),
    addReady: (draft: Draft, dateCreated: number) => {
      const values = { ...draft, dateCreated }
      return firstOf(
        db.insert(challenges).values(values).onConflictDoNothing().returning({ id: challenges.id }),
      )
    },
    handOver: (id: number, createdBy: string, dateCreated: number, idempotencyKey: string | null) =>
      db.update(challenges).set({ createdBy, dateCreated, idempotencyKey }).where(eq(challenges.id, id)),

    countReady: async (difficulty: Difficulty) => {
      const counted = await db
        .select({ count: sql`count(*)`.mapWith(Number) })
        .from(challenges)
        .where(isReady(difficulty))
      return counted[0]?.count ?? 0
    },
    byFingerprint: (fingerprint: string) =>
      firstOf(
        db.select({ id: challenges.id }).from(challenges).where(eq(challenges.fingerprint, fingerprint)),
      ),
    // A look at the latest rows only: cheap however many there are, and no index to keep for it.
    recentTitles: (difficulty: Difficulty, count: number) =>
      db
        .select({ title: challenges.title })
        .from(challenges)
        .where(
          and(
            eq(challenges.difficulty, difficulty),
            eq(challenges.source, 'ai'),
            sql`${challenges.id} > (select max(${challenges.id}) - 500 from ${challenges})`,
          ),
        )
        .orderBy(desc(challenges.id))
        .limit(count),

    /** Fails unless the tables are there. */
    isReadOnly: async () => {
      const [row] = await db.execute(sql`
        SELECT current_setting('transaction_read_only') AS "readOnly",
          (SELECT count(*) FROM challenge_quotas WHERE user_id = '')`)
      return row?.readOnly === 'on'
    },

    eraseQuota: (userId: string) => db.delete(challengeQuotas).where(eq(challengeQuotas.userId, userId)),
    eraseChallenges: (userId: string) => db.delete(challenges).where(ownedByUser(userId)),
  }
}

export type Statements = ReturnType<typeof statementsOf>
