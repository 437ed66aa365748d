import { createSemaphore } from '../../semaphore.ts'
import { limitTo } from './deadline.ts'

/** Runs work with the same key one after another, first in, first out; work with different keys runs in parallel. */
export function createTurnsByKey() {
  const semaphores = new Map<string, ReturnType<typeof createSemaphore>>()

  /** @throws TimedOut if `work` cannot start by `deadline` (of `performance.now()`) */
  return async <T>(key: string, deadline: number, work: () => Promise<T>): Promise<T> => {
    const semaphore = semaphores.get(key) ?? createSemaphore(1)
    semaphores.set(key, semaphore)
    await semaphore.acquire(limitTo(deadline))
    try {
      return await work()
    } finally {
      semaphore.release()
      if (semaphore.isIdle()) semaphores.delete(key)
    }
  }
}
