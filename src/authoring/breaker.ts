const failuresToOpen = 5
const openMs = 30_000

export type Breaker = ReturnType<typeof createBreaker>

/**
 * A circuit breaker: it opens for 30 seconds after five consecutive failures, then admits one trial at a time until a
 * trial succeeds. `now` is a monotonic clock in milliseconds.
 */
export function createBreaker(now: () => number) {
  let failures = 0
  let openUntil = 0
  let trying = false

  return {
    /** Whether the breaker admits no call. */
    isResting: () => failures >= failuresToOpen && now() < openUntil,
    /** Whether the call may start. On `true` the caller must report the outcome by one of the other methods. */
    tryAcquire(): boolean {
      if (failures < failuresToOpen) return true
      if (trying || now() < openUntil) return false
      trying = true
      return true
    },
    onSuccess() {
      failures = 0
      trying = false
    },
    onFailure() {
      failures++
      trying = false
      if (failures >= failuresToOpen) openUntil = now() + openMs
    },
    /** The caller cancelled the call before its outcome was known. */
    onAbandon() {
      trying = false
    },
  }
}
