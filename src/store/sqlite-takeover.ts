import { inArray } from 'drizzle-orm'
import type { BunSQLiteDatabase } from 'drizzle-orm/bun-sqlite'
import { challengeQuotas, challenges } from './schema.sqlite.ts'
import type { StoredChallenge, Takeover } from './store.ts'

/** Takes over rows of another database, within the caller's transaction. Answers how many were new. */
export function takeOver(db: BunSQLiteDatabase, rows: Takeover): { challenges: number; quotas: number } {
  return { challenges: addChallenges(db, rows.challenges), quotas: addQuotas(db, rows.quotas) }
}

function addChallenges(db: BunSQLiteDatabase, rows: StoredChallenge[]): number {
  if (rows.length === 0) return 0
  const key = { importKey: challenges.importKey }
  const added = db.insert(challenges).values(rows).onConflictDoNothing().returning(key).all()
  const names = rows.map(({ importKey }) => importKey)
  const here = new Set(
    db
      .select(key)
      .from(challenges)
      .where(inArray(challenges.importKey, names))
      .all()
      .map((row) => row.importKey),
  )
  // What is left met a row of this database: with an id of its own, and no claim to what is taken, it fits in.
  const left = rows.filter(({ importKey }) => !here.has(importKey))
  for (const { id, ...row } of left) {
    db.insert(challenges)
      .values({ ...row, fingerprint: null, idempotencyKey: null })
      .run()
  }
  return added.length + left.length
}

function addQuotas(db: BunSQLiteDatabase, rows: Takeover['quotas']): number {
  let added = 0
  for (const { id, userId, remaining, limit, lastReset } of rows) {
    const row = { userId, quotaRemaining: remaining, quotaLimit: limit, lastResetDate: lastReset }
    // First with its own id; if that is taken, with a new one; a user who has a quota here keeps it.
    for (const values of [{ id, ...row }, row]) {
      const [inserted] = db
        .insert(challengeQuotas)
        .values(values)
        .onConflictDoNothing()
        .returning({ id: challengeQuotas.id })
        .all()
      if (!inserted) continue
      added++
      break
    }
  }
  return added
}
