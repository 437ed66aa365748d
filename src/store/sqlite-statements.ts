import type { Database } from 'bun:sqlite'
import { and, desc, eq, isNotNull, isNull, max, sql } from 'drizzle-orm'
import type { BunSQLiteDatabase } from 'drizzle-orm/bun-sqlite'
import { challengeQuotas, challenges } from './schema.sqlite.ts'
import type { Quota } from './store.ts'

const value = sql.placeholder
// `set` takes SQL, and no placeholder by itself.
const given = (name: string) => sql`${value(name)}`

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

/** Every statement of the SQLite store, compiled once. */
export function prepareStatements(db: BunSQLiteDatabase, file: Database) {
  const ownedByUser = eq(challenges.createdBy, value('userId'))
  const ofDifficulty = eq(challenges.difficulty, value('difficulty'))
  const ofUser = eq(challengeQuotas.userId, value('userId'))

  return {
    // In plain SQL: the commonest of all, and Drizzle's part in it is as long as SQLite's.
    quota: file.query<Omit<Quota, 'userId'>, { userId: string }>(
      `SELECT id, quota_remaining AS remaining, coalesce(quota_limit, quota_remaining) AS "limit",
        last_reset_date AS lastReset
      FROM challenge_quotas
      WHERE user_id = $userId`,
    ),
    openQuota: db
      .insert(challengeQuotas)
      .values({
        userId: value('userId'),
        quotaRemaining: value('remaining'),
        quotaLimit: value('limit'),
        lastResetDate: value('lastReset'),
      })
      .returning({ id: challengeQuotas.id })
      .prepare(),
    setQuota: db
      .update(challengeQuotas)
      .set({
        quotaRemaining: given('remaining'),
        quotaLimit: given('limit'),
        lastResetDate: given('lastReset'),
      })
      .where(ofUser)
      .prepare(),
    charge: db
      .update(challengeQuotas)
      .set({ quotaRemaining: sql`${challengeQuotas.quotaRemaining} - 1` })
      .where(ofUser)
      .prepare(),

    byKey: db
      .select(challenge)
      .from(challenges)
      .where(and(ownedByUser, eq(challenges.idempotencyKey, value('idempotencyKey'))))
      .prepare(),
    firstReady: db
      .select(challenge)
      .from(challenges)
      .where(and(ofDifficulty, isNull(challenges.createdBy)))
      .orderBy(challenges.id)
      .limit(1)
      .prepare(),
    seenOfBank: db
      .select({ bankId: challenges.bankId })
      .from(challenges)
      .where(and(ownedByUser, ofDifficulty, isNotNull(challenges.bankId)))
      .groupBy(challenges.bankId)
      .orderBy(max(challenges.dateCreated), max(challenges.id))
      .prepare(),
    addReady: db
      .insert(challenges)
      .values({
        difficulty: value('difficulty'),
        dateCreated: value('dateCreated'),
        title: value('title'),
        options: value('options'),
        correctAnswerId: value('correctAnswerId'),
        explanation: value('explanation'),
        source: value('source'),
        fingerprint: value('fingerprint'),
        bankId: value('bankId'),
      })
      .onConflictDoNothing()
      .returning({ id: challenges.id })
      .prepare(),
    handOver: db
      .update(challenges)
      .set({
        createdBy: given('userId'),
        dateCreated: given('dateCreated'),
        idempotencyKey: given('idempotencyKey'),
      })
      .where(eq(challenges.id, value('id')))
      .prepare(),

    countReady: db
      .select({ count: sql<number>`count(*)` })
      .from(challenges)
      .where(and(ofDifficulty, isNull(challenges.createdBy)))
      .prepare(),
    byFingerprint: db
      .select({ id: challenges.id })
      .from(challenges)
      .where(eq(challenges.fingerprint, value('fingerprint')))
      .prepare(),
    // A look at the latest rows only: cheap however many there are, and no index to keep for it.
    recentTitles: db
      .select({ title: challenges.title })
      .from(challenges)
      .where(
        and(
          ofDifficulty,
          eq(challenges.source, 'ai'),
          sql`${challenges.id} > (select max(${challenges.id}) - 500 from ${challenges})`,
        ),
      )
      .orderBy(desc(challenges.id))
      .limit(value('count'))
      .prepare(),

    eraseChallenges: db.delete(challenges).where(ownedByUser).prepare(),
    eraseQuota: db.delete(challengeQuotas).where(ofUser).prepare(),
  }
}

export type Statements = ReturnType<typeof prepareStatements>
