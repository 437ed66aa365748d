import { Type as t } from '@sinclair/typebox'
import { nextReset } from '../credits.ts'
import { moment } from '../http/schema.ts'
import type { Quota } from '../store/store.ts'

/** A quota as it is shown to its user. */
export const QuotaModel = t.Object(
  {
    id: t.Integer(),
    user_id: t.String({ description: 'The user’s id.' }),
    quota_remaining: t.Integer({ minimum: 0, description: 'Credits left; a challenge costs one.' }),
    quota_limit: t.Integer({ minimum: 0, description: 'What the current period began with.' }),
    last_reset_date: moment('When the credits were set.'),
    next_reset_date: moment('When the credits are set again.'),
    last_reset_data: moment('The same as `last_reset_date`.', { deprecated: true }),
  },
  {
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
export function toQuota(quota: Quota): typeof QuotaModel.static {
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
