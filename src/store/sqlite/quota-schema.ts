import { sql } from 'drizzle-orm'
import { check, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { id } from './columns.ts'

/** One row for each user. `quota_limit` is the number of credits at the start of the current period. */
export const challengeQuotas = sqliteTable(
  'challenge_quotas',
  {
    id: id(),
    userId: text('user_id').notNull().unique(),
    quotaRemaining: integer('quota_remaining').notNull(),
    lastResetDate: integer('last_reset_date').notNull(),
    quotaLimit: integer('quota_limit'),
  },
  (table) => [check('challenge_quotas_remaining', sql`${table.quotaRemaining} >= 0`)],
)
