import { inArray, sql } from 'drizzle-orm'
import type { BunSQLDatabase } from 'drizzle-orm/bun-sql'
import { challengeQuotas, challenges } from './schema.postgres.ts'
import type { StoredChallenge, Takeover } from './store.ts'

type Transaction = Pick<BunSQLDatabase, 'select' | 'insert' | 'execute'>

/** Takes over rows of another database, within the caller's transaction. Answers how many were new. */
export async function takeOver(
  db: Transaction,
  rows: Takeover,
): Promise<{ challenges: number; quotas: number }> {
  return { challenges: await addChallenges(db, rows.challenges), quotas: await addQuotas(db, rows.quotas) }
}

async function addChallenges(db: Transaction, rows: StoredChallenge[]): Promise<number> {
  if (rows.length === 0) return 0
  const key = { importKey: challenges.importKey }
  const added = await db.insert(challenges).values(rows).onConflictDoNothing().returning(key)
  await skipGivenIds(db, 'challenges')
  const names = rows.map(({ importKey }) => importKey)
  const found = await db.select(key).from(challenges).where(inArray(challenges.importKey, names))
  const here = new Set(found.map((row) => row.importKey))
  // What is left met a row of this database: with an id of its own, and no claim to what is taken, it fits in.
  const left = rows.filter(({ importKey }) => !here.has(importKey))
  for (const { id, ...row } of left) {
    await db.insert(challenges).values({ ...row, fingerprint: null, idempotencyKey: null })
  }
  return added.length + left.length
}

async function addQuotas(db: Transaction, rows: Takeover['quotas']): Promise<number> {
  if (rows.length === 0) return 0
  const user = { userId: challengeQuotas.userId }
  const all = rows.map(({ id, userId, remaining, limit, lastReset }) => {
    return { id, userId, quotaRemaining: remaining, quotaLimit: limit, lastResetDate: lastReset }
  })
  const added = await db.insert(challengeQuotas).values(all).onConflictDoNothing().returning(user)
  await skipGivenIds(db, 'challenge_quotas')
  // What is left met an id or a user of this database: with an id of its own a user fits in, unless there is one.
  const here = new Set(added.map(({ userId }) => userId))
  const left = all.filter(({ userId }) => !here.has(userId)).map(({ id, ...row }) => row)
  if (left.length === 0) return added.length
  const late = await db.insert(challengeQuotas).values(left).onConflictDoNothing().returning(user)
  return added.length + late.length
}

/** A sequence knows nothing of the ids that rows bring along. */
function skipGivenIds(db: Transaction, table: 'challenges' | 'challenge_quotas') {
  const name = sql.identifier(table)
  return db.execute(
    sql`select setval(pg_get_serial_sequence(${table}, 'id'), greatest(max(id), nextval(pg_get_serial_sequence(${table}, 'id')))) from ${name}`,
  )
}
