const maxAttempts = 3

export type Budget = ReturnType<typeof createBudget>

/**
 * The time and the attempts of one generation.
 * @param milliseconds The time for all calls of the model together.
 * @param cancel Ends the generation early.
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
    /** Counts one attempt. `false` if none is left or the time is over. */
    takeAttempt(): boolean {
      if (attempts === 0 || signal.aborted) return false
      attempts--
      return true
    },
  }
}
