const maxAttempts = 3

export type Budget = ReturnType<typeof createBudget>

/**
 * The time and the attempts of one generation, however many calls it takes. `cancel` ends it early.
 * @param milliseconds All calls of the model together.
 */
export function createBudget(milliseconds: number, cancel?: AbortSignal) {
  const timeout = AbortSignal.timeout(milliseconds)
  const signal = cancel ? AbortSignal.any([timeout, cancel]) : timeout
  const deadline = performance.now() + milliseconds
  let attempts = maxAttempts

  return {
    signal,
    attemptsLeft: () => attempts,
    millisecondsLeft: () => deadline - performance.now(),
    cancelled: () => cancel?.aborted ?? false,
    /** Whether another attempt may be made; it is then counted. */
    takeAttempt(): boolean {
      if (attempts === 0 || signal.aborted) return false
      attempts--
      return true
    },
  }
}
