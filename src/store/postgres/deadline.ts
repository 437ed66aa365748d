/** Work that has not ended in time. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut'
}

/** @throws TimedOut unless `work` has ended by `deadline` (of `performance.now()`); the work itself goes on. */
export function withinTime<T>(work: Promise<T>, deadline: number): Promise<T> {
  // Work that is given up may still fail later, when nobody listens any more.
  work.catch(() => undefined)
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new TimedOut()), deadline - performance.now())
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer))
}

/** @throws TimedOut once `deadline` has passed. */
export function checkTime(deadline: number) {
  if (performance.now() > deadline) throw new TimedOut()
}
