import { Problem } from '../problem.ts'

/** 429: no credits left until `resetAt`; both in epoch milliseconds. */
export function exhausted(resetAt: number, now: number): Problem {
  const resetDate = new Date(resetAt).toISOString()
  const seconds = Math.max(1, Math.ceil((resetAt - now) / 1000))
  return new Problem('quota_exhausted', `Daily quota exceeded: new credits come at ${resetDate}.`, {
    headers: { 'retry-after': String(seconds) },
    members: { next_reset_date: resetDate },
  })
}

/** 429: every credit that is left is being spent by requests in flight. */
export function inFlight(): Problem {
  return new Problem(
    'quota_in_flight',
    'All remaining credits are in use by earlier requests; try again in a moment.',
    {
      headers: { 'retry-after': '1' },
    },
  )
}

/** 422: the key was used for another request. */
export function mismatch(): Problem {
  return new Problem(
    'idempotency_mismatch',
    'This Idempotency-Key was used with another difficulty; use a new key.',
  )
}
