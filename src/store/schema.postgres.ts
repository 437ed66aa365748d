import { sql } from 'drizzle-orm'
import {
  bigint,
  bigserial,
  check,
  customType,
  index,
  integer,
  pgTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import type { Difficulty, Source } from '../challenge.ts'

const id = () => bigserial({ mode: 'number' }).primaryKey()
/** JSON in text, as in SQLite. Bun would encode Drizzle's JSON once more for a `jsonb` column. */
const jsonText = customType<{ data: string[]; driverData: string }>({
  dataType: () => 'text',
  toDriver: (value) => JSON.stringify(value),
  fromDriver: (value) => JSON.parse(value),
})
const moment = (name: string) => bigint(name, { mode: 'number' })

/** The tables of schema.sqlite.ts, column for column; what they mean is said there. */
export const challenges = pgTable(
  'challenges',
  {
    id: id(),
    difficulty: text().$type<Difficulty>().notNull(),
    dateCreated: moment('date_created').notNull(),
    createdBy: text('created_by'),
    title: text().notNull(),
    options: jsonText().notNull(),
    correctAnswerId: integer('correct_answer_id').notNull(),
    explanation: text().notNull(),
    source: text().$type<Source>().notNull().default('ai'),
    fingerprint: text(),
    bankId: text('bank_id'),
    idempotencyKey: text('idempotency_key'),
    importKey: text('import_key').unique(),
  },
  (table) => {
    // Not for the pool, whose rows are written twice: they would be in these indexes for nothing.
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
      // By date: for an order by id PostgreSQL may walk the primary key, past every row that has an owner.
      index('challenges_ready')
        .on(table.difficulty, table.dateCreated, table.id)
        .where(sql`${table.createdBy} is null`),
      index('challenges_history').on(table.createdBy, table.dateCreated, table.id).where(owned),
      index('challenges_history_difficulty')
        .on(table.createdBy, table.difficulty, table.dateCreated, table.id)
        .where(owned),
      index('challenges_bank').on(table.createdBy, table.bankId).where(sql`${table.bankId} is not null`),
    ]
  },
)

export const challengeQuotas = pgTable(
  'challenge_quotas',
  {
    id: id(),
    userId: text('user_id').notNull().unique(),
    quotaRemaining: integer('quota_remaining').notNull(),
    lastResetDate: moment('last_reset_date').notNull(),
    quotaLimit: integer('quota_limit'),
  },
  (table) => [check('challenge_quotas_remaining', sql`${table.quotaRemaining} >= 0`)],
)
