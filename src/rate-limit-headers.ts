import { type Credits, nextReset } from './quota.ts'

export type RateLimit = ReturnType<typeof createRateLimit>

/**
 * The headers with a user's credits (https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/). `daily`
 * is the number of credits after a reset. A new user, or one to whom an operator granted credits, may have more than
 * `daily`.
 */
export function createRateLimit(daily: number) {
  return function toHeaders(credits: Credits, now: number) {
    const seconds = Math.max(0, Math.ceil((nextReset(credits) - now) / 1000))
    return {
      'ratelimit-policy': `"daily";q=${daily};w=86400`,
      ratelimit: `"daily";r=${credits.remaining};t=${seconds}`,
    }
  }
}
