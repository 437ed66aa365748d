import type { Quota, QuotaPolicy } from '../../quota.ts'
import { isFree } from '../claim.ts'
import type { ClaimOutcome, ClaimRequest } from '../store.ts'

/** A user with claims in progress. */
type User = { claims: number; arrived: number; refusal?: { quota: Quota; covers: number } }

/** Runs a claim unless `findRefusal`, which is called in the user's turn, returns its outcome. */
type RunClaim = (findRefusal: () => ClaimOutcome | undefined) => Promise<ClaimOutcome>

/**
 * Shares a refusal between claims of one user: the claims that arrived before the refused one began would find the same
 * quota, so they cost no transaction. Without it many parallel requests wait for each other past the time-out.
 */
export function createRefusals(policy: QuotaPolicy) {
  const users = new Map<string, User>()

  return async function shareRefusals(request: ClaimRequest, run: RunClaim): Promise<ClaimOutcome> {
    const { userId, now, idempotencyKey, supply } = request
    const user = users.get(userId) ?? { claims: 0, arrived: 0 }
    users.set(userId, user)
    user.claims++
    const arrival = ++user.arrived
    // A replay needs no credits, and the model's question is to be stored whether there are credits or not.
    const mayShare = idempotencyKey === undefined && supply.from !== 'model' && !isFree(supply)
    let covers = 0
    try {
      const claim = await run(() => {
        covers = user.arrived
        const { refusal } = user
        if (!mayShare || !refusal || arrival > refusal.covers) return undefined
        const { quota } = refusal
        return policy.refill(quota, now) === quota ? { outcome: 'exhausted', quota } : undefined
      })
      if (claim.outcome === 'exhausted') user.refusal = { quota: claim.quota, covers }
      return claim
    } finally {
      user.claims--
      if (user.claims === 0) users.delete(userId)
    }
  }
}
