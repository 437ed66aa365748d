import { eq, sql } from 'drizzle-orm'
import type { BunSQLDatabase } from 'drizzle-orm/bun-sql'
import type { Quota } from '../store.ts'
import { challengeQuotas } from './schema.ts'

const value = sql.placeholder
// `set` takes a placeholder only inside of SQL.
const parameter = (name: string) => sql`${value(name)}`

type Connection = Pick<BunSQLDatabase, 'select' | 'insert' | 'update' | 'delete'>
type Values = Omit<Quota, 'id'>

export function prepareQuotas(db: Connection) {
  const ofUser = eq(challengeQuotas.userId, value('userId'))
  const read = db
    .select({
      id: challengeQuotas.id,
      remaining: challengeQuotas.quotaRemaining,
      limit: sql<number>`coalesce(${challengeQuotas.quotaLimit}, ${challengeQuotas.quotaRemaining})`,
      lastReset: challengeQuotas.lastResetDate,
    })
    .from(challengeQuotas)
    .where(ofUser)
  const quota = read.prepare('quota')
  const lockQuota = read.for('update').prepare('lock_quota')
  const openQuota = db
    .insert(challengeQuotas)
    .values({
      userId: value('userId'),
      quotaRemaining: value('remaining'),
      quotaLimit: value('limit'),
      lastResetDate: value('lastReset'),
    })
    .onConflictDoNothing()
    .prepare('open_quota')
  const setQuota = db
    .update(challengeQuotas)
    .set({
      quotaRemaining: parameter('remaining'),
      quotaLimit: parameter('limit'),
      lastResetDate: parameter('lastReset'),
    })
    .where(ofUser)
    .prepare('set_quota')
  const charge = db
    .update(challengeQuotas)
    .set({ quotaRemaining: sql`${challengeQuotas.quotaRemaining} - 1` })
    .where(ofUser)
    .prepare('charge')
  const eraseQuota = db.delete(challengeQuotas).where(ofUser).prepare('erase_quota')

  return {
    quota: async (userId: string) => (await quota.execute({ userId }))[0],
    /** Locks the row: the transactions of one user take turns. */
    lockQuota: async (userId: string) => (await lockQuota.execute({ userId }))[0],
    openQuota: (values: Values) => openQuota.execute(values),
    setQuota: (values: Values) => setQuota.execute(values),
    charge: (userId: string) => charge.execute({ userId }),
    eraseQuota: (userId: string) => eraseQuota.execute({ userId }),
  }
}
