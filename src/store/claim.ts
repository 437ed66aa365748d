import type { Challenge } from '../challenge.ts'
import type { ClaimOutcome, ClaimRequest, Quota } from './store.ts'

/**
 * How a claim ends before anything is handed over, or `undefined` if it may go on: `earlier` is what its idempotency
 * key was used for, `quota` what the user has now.
 */
export function earlyOutcome(
  { difficulty, reserved = 0, supply }: ClaimRequest,
  earlier: Challenge | undefined,
  quota: Quota,
): ClaimOutcome | undefined {
  if (earlier && earlier.difficulty !== difficulty) return { outcome: 'mismatch' }
  if (earlier) return { outcome: 'claimed', challenge: earlier, replayed: true, charged: false }
  if (isFree(supply)) return undefined
  if (quota.remaining === 0) return { outcome: 'exhausted', quota }
  if (quota.remaining <= reserved) return { outcome: 'in_flight', quota }
  return undefined
}

/** Whether what is handed over costs no credit. */
export function isFree(supply: ClaimRequest['supply']): boolean {
  return supply.from === 'bank' && supply.free
}
