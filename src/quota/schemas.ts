import { Type } from '@sinclair/typebox'
import { timestamp } from '../http/schema.ts'
import { nextReset, type Quota } from '../quota.ts'

export const QuotaSchema = Type.Object(
  {
    id: Type.Integer(),
    user_id: Type.String({ description: 'The user’s id.' }),
    quota_remaining: Type.Integer({ minimum: 0, description: 'Credits left; a challenge costs one.' }),
    quota_limit: Type.Integer({
      minimum: 0,
      description: 'Credits at the start of the current period, or that were granted in it.',
    }),
    last_reset_date: timestamp('When the credits were last set.'),
    next_reset_date: timestamp('When the credits are set next.'),
    last_reset_data: timestamp('The same as `last_reset_date`.', { deprecated: true }),
  },
  {
    named: 'Quota',
    description: 'The quota as it is now.',
    examples: [
      {
        id: 7,
        user_id: 'user_1',
        quota_remaining: 9,
        quota_limit: 10,
        last_reset_date: '2026-11-24T11:34:40.613Z',
        next_reset_date: '2026-11-25T11:34:40.613Z',
        last_reset_data: '2026-11-24T11:34:40.613Z',
      },
    ],
  },
)

/** A quota as `GET /api/quota` answers it. */
export function toQuota(quota: Quota): typeof QuotaSchema.static {
  const lastReset = new Date(quota.lastReset).toISOString()
  return {
    id: quota.id,
    user_id: quota.userId,
    quota_remaining: quota.remaining,
    quota_limit: quota.limit,
    last_reset_date: lastReset,
    next_reset_date: new Date(nextReset(quota)).toISOString(),
    last_reset_data: lastReset,
  }
}
