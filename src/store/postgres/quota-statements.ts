import { eq, sql } from 'drizzle-orm'
import type { BunSQLDatabase } from 'drizzle-orm/bun-sql'
import { challengeQuotas } from './quota-schema.ts'

const value = sql.placeholder
// `set` accepts a placeholder only within `sql`.
const parameter = (name: string) => sql`${value(name)}`

export function prepareQuotas(db: Pick<BunSQLDatabase, 'select' | 'insert' | 'update' | 'delete'>) {
  const ofUser = eq(challengeQuotas.userId, value('userId'))
  const quota = () =>
    db
      .select({
        id: challengeQuotas.id,
        remaining: challengeQuotas.quotaRemaining,
        limit: sql<number>`coalesce(${challengeQuotas.quotaLimit}, ${challengeQuotas.quotaRemaining})`,
        lastReset: challengeQuotas.lastResetDate,
      })
      .from(challengeQuotas)
      .where(ofUser)
  return {
    quota: () => quota().prepare('quota'),
    /** Locks the row: the transactions of one user take turns. */
    lockQuota: () => quota().for('update').prepare('lock_quota'),
    openQuota: () =>
      db
        .insert(challengeQuotas)
        .values({
          userId: value('userId'),
          quotaRemaining: value('remaining'),
          quotaLimit: value('limit'),
          lastResetDate: value('lastReset'),
        })
        .onConflictDoNothing()
        .prepare('open_quota'),
    setQuota: () =>
      db
        .update(challengeQuotas)
        .set({
          quotaRemaining: parameter('remaining'),
          quotaLimit: parameter('limit'),
          lastResetDate: parameter('lastReset'),
        })
        .where(ofUser)
        .prepare('set_quota'),
    charge: () =>
      db
        .update(challengeQuotas)
        .set({ quotaRemaining: sql`${challengeQuotas.quotaRemaining} - 1` })
        .where(ofUser)
        .prepare('charge'),
    eraseQuota: () => db.delete(challengeQuotas).where(ofUser).prepare('erase_quota'),
  }
}
