const failuresToOpen = 5
const openMs = 30_000

export type Breaker = ReturnType<typeof createBreaker>

/**
 * A circuit breaker: after five failures in a row it is open for 30 seconds, then it admits one trial at a time until
 * one succeeds. `now` is a monotonic clock in milliseconds.
 */
export function createBreaker(now: () => number) {
  let failures = 0
  let openUntil = 0
  let trying = false

  return {
    /** Whether the caller may go ahead; it must then report the outcome. Never waits. */
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
    /** The caller gave up before there was an outcome. */
    onAbandon() {
      trying = false
    },
  }
}
