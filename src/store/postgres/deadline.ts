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
