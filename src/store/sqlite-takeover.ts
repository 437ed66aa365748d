import { Database } from 'bun:sqlite'
import { inArray } from 'drizzle-orm'
import { type BunSQLiteDatabase, drizzle } from 'drizzle-orm/bun-sqlite'
import { challengeQuotas, challenges } from './schema.sqlite.ts'
import { tableOwner } from './sqlite-file.ts'
import type { StoredChallenge, Takeover } from './store.ts'

/**
 * Every row of a SQLite file of ours, which is opened read-only.
 * @throws Error with one sentence if it is no such file.
 */
export function readSqliteFile(path: string): Takeover {
  try {
    using file = new Database(path, { readonly: true, create: false, strict: true })
    // Drizzle quotes names, and what is no column SQLite takes for a text.
    if (tableOwner(file) !== 'us') throw new Error('for one of the original there is `bun run import`')
    const db = drizzle({ client: file })
    const challengeRows = db.select().from(challenges).orderBy(challenges.id).all()
    const quotaRows = db.select().from(challengeQuotas).orderBy(challengeQuotas.id).all()
    return {
      challenges: challengeRows.map((row) => ({ ...row, importKey: row.importKey ?? importKeyOf(row) })),
      quotas: quotaRows.map(({ id, userId, quotaRemaining, quotaLimit, lastResetDate }) => {
        const limit = quotaLimit ?? quotaRemaining
        return { id, userId, remaining: quotaRemaining, limit, lastReset: lastResetDate }
      }),
    }
  } catch (error) {
    throw new Error(
      `${path} is not a database of this server: ${error instanceof Error ? error.message : ''}.`,
    )
  }
}

/** Names a row by what never changes of it: ids alone repeat in another file. */
function importKeyOf({ id, title, options, explanation }: typeof challenges.$inferSelect): string {
  const name = JSON.stringify([id, title, options, explanation])
  return `migrated ${new Bun.CryptoHasher('sha256').update(name).digest('hex')}`
}

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
  if (rows.length === 0) return 0
  const user = { userId: challengeQuotas.userId }
  const all = rows.map(({ id, userId, remaining, limit, lastReset }) => {
    return { id, userId, quotaRemaining: remaining, quotaLimit: limit, lastResetDate: lastReset }
  })
  const added = db.insert(challengeQuotas).values(all).onConflictDoNothing().returning(user).all()
  // What is left met an id or a user of this database: with an id of its own a user fits in, unless there is one.
  const here = new Set(added.map(({ userId }) => userId))
  const left = all.filter(({ userId }) => !here.has(userId)).map(({ id, ...row }) => row)
  if (left.length === 0) return added.length
  return (
    added.length + db.insert(challengeQuotas).values(left).onConflictDoNothing().returning(user).all().length
  )
}
