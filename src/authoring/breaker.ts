const failuresToOpen = 5
const restMs = 30_000

export type Breaker = ReturnType<typeof createBreaker>

/**
 * A circuit breaker: after five failures in a row nothing is let through for 30 seconds, then one trial at a time
 * until one succeeds. `now` is a clock in milliseconds that never goes back.
 */
export function createBreaker(now: () => number) {
  let failures = 0
  let openUntil = 0
  let trying = false

  return {
    /** Whether the caller may go ahead; it then reports how that ended. Never waits. */
    enter(): boolean {
      if (failures < failuresToOpen) return true
      if (trying || now() < openUntil) return false
      trying = true
      return true
    },
    succeeded() {
      failures = 0
      trying = false
    },
    failed() {
      failures++
      trying = false
      if (failures >= failuresToOpen) openUntil = now() + restMs
    },
    /** Given up before it could tell. */
    abandoned() {
      trying = false
    },
  }
}
