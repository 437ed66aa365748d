import { sql } from 'drizzle-orm'
import { check, index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { Difficulty, Source } from '../challenge.ts'

/** Challenges, handed over or (without `created_by`) ready in the pool. Times are epoch milliseconds. */
export const challenges = sqliteTable(
  'challenges',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    difficulty: text().$type<Difficulty>().notNull(),
    /** The moment of hand-over; until then, of creation. */
    dateCreated: integer('date_created').notNull(),
    createdBy: text('created_by'),
    title: text().notNull(),
    options: text({ mode: 'json' }).$type<string[]>().notNull(),
    correctAnswerId: integer('correct_answer_id').notNull(),
    explanation: text().notNull(),
    source: text().$type<Source>().notNull().default('ai'),
    /** Names the question, so that no model asks it twice. NULL for the bank's rows, and for imported ones that repeat. */
    fingerprint: text(),
    /** The bank's own id of a challenge that came from it. */
    bankId: text('bank_id'),
    /** The key under which this challenge was asked for; it lives as long as the challenge. */
    idempotencyKey: text('idempotency_key'),
    /** Names the row of another database that this one was taken over from, so that it is taken over once. */
    importKey: text('import_key').unique(),
  },
  (table) => {
    // Not for the pool: with statistics, SQLite would look for ready rows there, and sort them.
    const owned = sql`${table.createdBy} is not null`
    return [
      check('challenges_difficulty', sql`${table.difficulty} in ('easy', 'medium', 'hard')`),
      check('challenges_correct_answer_id', sql`${table.correctAnswerId} between 0 and 3`),
      uniqueIndex('challenges_fingerprint')
        .on(table.fingerprint)
        .where(sql`${table.fingerprint} is not null`),
      uniqueIndex('challenges_idempotency_key')
        .on(table.createdBy, table.idempotencyKey)
        .where(sql`${table.idempotencyKey} is not null`),
      index('challenges_ready').on(table.difficulty, table.id).where(sql`${table.createdBy} is null`),
      index('challenges_history').on(table.createdBy, table.dateCreated, table.id).where(owned),
      index('challenges_history_difficulty')
        .on(table.createdBy, table.difficulty, table.dateCreated, table.id)
        .where(owned),
      index('challenges_bank').on(table.createdBy, table.bankId).where(sql`${table.bankId} is not null`),
    ]
  },
)

/** One row per user. `quota_limit` is what the current period began with. */
export const challengeQuotas = sqliteTable(
  'challenge_quotas',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    userId: text('user_id').notNull().unique(),
    quotaRemaining: integer('quota_remaining').notNull(),
    lastResetDate: integer('last_reset_date').notNull(),
    quotaLimit: integer('quota_limit'),
  },
  (table) => [check('challenge_quotas_remaining', sql`${table.quotaRemaining} >= 0`)],
)
