/**
 * Limits a wait, for example by a time: `giveUp` ends the wait with a reason. Returns a function that removes the
 * limit.
 */
type Limit = (giveUp: (reason: unknown) => void) => () => void

/** A semaphore with a first-in, first-out queue. */
export function createSemaphore(permits: number) {
  let free = permits
  const waiting = new Set<() => void>()

  return {
    /** Takes a permit, after a wait if none is free. @throws the reason with which `limit` gives the wait up */
    async acquire(limit: Limit): Promise<void> {
      if (free > 0) {
        free -= 1
        return
      }
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const grant = () => {
        endLimit()
        resolve()
      }
      waiting.add(grant)
      const endLimit = limit((reason) => {
        waiting.delete(grant)
        reject(reason)
      })
      return promise
    },
    release() {
      const [grant] = waiting
      if (grant) {
        waiting.delete(grant)
        grant()
      } else free += 1
    },
    isIdle: () => free === permits,
  }
}
