const day = 24 * 60 * 60 * 1000

/**
 * A user's credits. Times are epoch milliseconds. `limit` is the number of credits at the start of the current period, or
 * the greater number that an operator granted in the period.
 */
export type Credits = { remaining: number; limit: number; lastReset: number }

/** A stored quota. `id` is the id of its row. */
export type Quota = Credits & { id: number; userId: string }

export type QuotaPolicy = ReturnType<typeof createQuotaPolicy>

/** The quota's rules as pure functions of (credits, now). `initial` and `daily` are credits. */
export function createQuotaPolicy({ initial, daily }: { initial: number; daily: number }) {
  /** The times of the last reset for which credits stay as they are: after `after`, and not after `until`. */
  const currentResets = (now: number) => ({ after: now - day, until: now + day })

  return {
    currentResets,

    /** A new user's credits. */
    open: (now: number): Credits => ({ remaining: initial, limit: initial, lastReset: now }),

    /**
     * The credits at `now`: set to `daily` once 24 hours have passed since the last reset. A reset more than 24 hours in
     * the future comes from a wrong clock, and counts as now; a nearer one is waited for.
     */
    refill(credits: Credits, now: number): Credits {
      const { after, until } = currentResets(now)
      if (credits.lastReset <= after) return { remaining: daily, limit: daily, lastReset: now }
      if (credits.lastReset > until) return { ...credits, lastReset: now }
      return credits
    },
  }
}

/** The credits with `remaining` credits left until the next reset. The limit rises with them, and never falls. */
export function setRemaining<T extends Credits>(credits: T, remaining: number): T {
  return { ...credits, remaining, limit: Math.max(credits.limit, remaining) }
}

/** The moment of the next reset, in epoch milliseconds. */
export function nextReset(credits: Credits): number {
  return credits.lastReset + day
}
