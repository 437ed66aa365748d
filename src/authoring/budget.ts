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
  const attemptsLeft = () => (signal.aborted ? 0 : attempts)

  return {
    signal,
    /** The number of attempts that may still begin; 0 if the time is over. */
    attemptsLeft,
    millisecondsLeft: () => deadline - performance.now(),
    cancelled: () => cancel?.aborted ?? false,
    /** Counts one attempt. `false` if no attempt is left. */
    takeAttempt(): boolean {
      if (attemptsLeft() === 0) return false
      attempts--
      return true
    },
  }
}
