import { sql } from 'drizzle-orm'
import { check, integer, pgTable, text } from 'drizzle-orm/pg-core'
import { id, timestamp } from './columns.ts'

// The table has the columns of sqlite/quota-schema.ts, which documents them.

export const challengeQuotas = pgTable(
  'challenge_quotas',
  {
    id: id(),
    userId: text('user_id').notNull().unique(),
    quotaRemaining: integer('quota_remaining').notNull(),
    lastResetDate: timestamp('last_reset_date').notNull(),
    quotaLimit: integer('quota_limit'),
  },
  (table) => [check('challenge_quotas_remaining', sql`${table.quotaRemaining} >= 0`)],
)
