import type { EventBus } from '../events.ts'
import type { Store } from '../store/store.ts'

/**
 * Keeps the store in step with Clerk's users: a new one gets a quota, a deleted one is erased with all that is theirs.
 * Both subscribers are repeatable, and settle only when their effect is durable: the webhook is acknowledged after them.
 */
export function subscribeQuota(
  events: EventBus,
  store: Pick<Store, 'openQuota' | 'eraseUser'>,
  now: () => number,
) {
  events.on('user.created', ({ data }) => store.openQuota(data.userId, now()))
  events.on('user.deleted', ({ data }) => store.eraseUser(data.userId))
}
