import { TimedOut } from './deadline.ts'

/** A bounded number of places. Callers that find no place free wait in the order of their arrival. */
export function createPlaces(count: number) {
  let free = count
  const waiting = new Set<() => void>()

  return {
    /** @throws TimedOut if no place is free by `deadline` (of `performance.now()`). */
    enter(deadline: number): Promise<void> {
      if (free > 0) {
        free -= 1
        return Promise.resolve()
      }
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const enter = () => {
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(() => {
        waiting.delete(enter)
        reject(new TimedOut())
      }, deadline - performance.now())
      waiting.add(enter)
      return promise
    },
    leave() {
      const [enter] = waiting
      if (enter) {
        waiting.delete(enter)
        enter()
      } else free += 1
    },
    isEmpty: () => free === count,
  }
}

/** Runs work with the same key one after another, in the order of its arrival, and work with different keys at once. */
export function createTurns() {
  const places = new Map<string, ReturnType<typeof createPlaces>>()

  /** @throws TimedOut if it is not this work's turn by `deadline` (of `performance.now()`). */
  return async <T>(key: string, deadline: number, work: () => Promise<T>): Promise<T> => {
    const place = places.get(key) ?? createPlaces(1)
    places.set(key, place)
    await place.enter(deadline)
    try {
      return await work()
    } finally {
      place.leave()
      if (place.isEmpty()) places.delete(key)
    }
  }
}
