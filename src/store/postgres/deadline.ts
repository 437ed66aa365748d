/** A deadline has passed. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut'
}

/** @throws TimedOut if `work` has not ended by `deadline` (of `performance.now()`). The work itself continues. */
export function withTimeout<T>(work: Promise<T>, deadline: number): Promise<T> {
  // A failure after the time-out has no other handler.
  work.catch(() => undefined)
  const timeout = Promise.withResolvers<never>()
  const timer = setTimeout(() => timeout.reject(new TimedOut()), deadline - performance.now())
  return Promise.race([work, timeout.promise]).finally(() => clearTimeout(timer))
}

/** @throws TimedOut if `deadline` (of `performance.now()`) has passed */
export function assertNotExpired(deadline: number) {
  if (performance.now() > deadline) throw new TimedOut()
}

/** Limits a wait for a semaphore to `deadline` (of `performance.now()`), after which the wait throws TimedOut. */
export function limitTo(deadline: number) {
  return (giveUp: (reason: unknown) => void) => {
    const timer = setTimeout(() => giveUp(new TimedOut()), deadline - performance.now())
    return () => clearTimeout(timer)
  }
}
