const day = 24 * 60 * 60 * 1000

/** A user's credits. Times are epoch milliseconds; `limit` is what the current period began with. */
export type Credits = { remaining: number; limit: number; lastReset: number }

export type QuotaPolicy = ReturnType<typeof createQuotaPolicy>

/** The quota's rules as pure functions of (credits, now). `initial` and `daily` are credits. */
export function createQuotaPolicy({ initial, daily }: { initial: number; daily: number }) {
  return {
    /** What a new user begins with. */
    open: (now: number): Credits => ({ remaining: initial, limit: initial, lastReset: now }),

    /**
     * The credits as they are at `now`: set to `daily` once 24 hours have passed since the last reset. A reset more
     * than 24 hours in the future can only come from a clock that was wrong, and counts as now; a nearer one waits.
     */
    refill(credits: Credits, now: number): Credits {
      if (now - credits.lastReset >= day) return { remaining: daily, limit: daily, lastReset: now }
      if (credits.lastReset - now > day) return { ...credits, lastReset: now }
      return credits
    },
  }
}

/** When the credits are set again, in epoch milliseconds. */
export function nextReset(credits: Credits): number {
  return credits.lastReset + day
}
