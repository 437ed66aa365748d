import type { EventBus } from '../events.ts'
import type { Store } from '../store/store.ts'

/**
 * Opens a quota for each new Clerk user, and erases all data of each deleted one. Both subscribers are repeatable, and
 * settle only when their effect is durable, because the webhook is acknowledged after them.
 */
export function subscribeQuota(
  events: EventBus,
  store: Pick<Store, 'openQuota' | 'eraseUser'>,
  now: () => number,
) {
  events.on('user.created', ({ data }) => store.openQuota(data.userId, now()))
  events.on('user.deleted', ({ data }) => store.eraseUser(data.userId))
}
