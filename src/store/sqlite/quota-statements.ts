import { eq, sql } from 'drizzle-orm'
import type { BunSQLiteDatabase } from 'drizzle-orm/bun-sqlite'
import { sought } from './question-statements.ts'
import { challengeQuotas } from './quota-schema.ts'

const value = sql.placeholder
// `set` accepts a placeholder only within `sql`.
const parameter = (name: string) => sql`${value(name)}`

export function prepareQuotas(db: BunSQLiteDatabase) {
  const ofUser = eq(challengeQuotas.userId, sought('userId'))
  return {
    quota: db
      .select({
        id: challengeQuotas.id,
        remaining: challengeQuotas.quotaRemaining,
        limit: sql<number>`coalesce(${challengeQuotas.quotaLimit}, ${challengeQuotas.quotaRemaining})`,
        lastReset: challengeQuotas.lastResetDate,
      })
      .from(challengeQuotas)
      .where(ofUser)
      .prepare(),
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
        quotaRemaining: parameter('remaining'),
        quotaLimit: parameter('limit'),
        lastResetDate: parameter('lastReset'),
      })
      .where(ofUser)
      .prepare(),
    charge: db
      .update(challengeQuotas)
      .set({ quotaRemaining: sql`${challengeQuotas.quotaRemaining} - 1` })
      .where(ofUser)
      .prepare(),
    eraseQuota: db.delete(challengeQuotas).where(ofUser).prepare(),
  }
}
