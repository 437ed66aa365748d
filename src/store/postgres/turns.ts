import { TimedOut } from './deadline.ts'

/** Runs work with the same key one after another, first in, first out; work with different keys runs in parallel. */
export function createTurns() {
  const semaphores = new Map<string, ReturnType<typeof createSemaphore>>()

  /** @throws TimedOut if `work` cannot start by `deadline` (of `performance.now()`) */
  return async <T>(key: string, deadline: number, work: () => Promise<T>): Promise<T> => {
    const semaphore = semaphores.get(key) ?? createSemaphore(1)
    semaphores.set(key, semaphore)
    await semaphore.acquire(deadline)
    try {
      return await work()
    } finally {
      semaphore.release()
      if (semaphore.isIdle()) semaphores.delete(key)
    }
  }
}

/** A semaphore of `count` permits with a first-in, first-out queue. */
export function createSemaphore(count: number) {
  let free = count
  const waiting = new Set<() => void>()

  return {
    /** @throws TimedOut if no permit is free by `deadline` (of `performance.now()`) */
    acquire(deadline: number): Promise<void> {
      if (free > 0) {
        free -= 1
        return Promise.resolve()
      }
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const grant = () => {
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(() => {
        waiting.delete(grant)
        reject(new TimedOut())
      }, deadline - performance.now())
      waiting.add(grant)
      return promise
    },
    release() {
      const [grant] = waiting
      if (grant) {
        waiting.delete(grant)
        grant()
      } else free += 1
    },
    isIdle: () => free === count,
  }
}
