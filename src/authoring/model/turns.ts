import { createSemaphore } from '../../semaphore.ts'

/** Lets at most `limit` calls run at once. The others wait, first come, first served. */
export function createTurns(limit: number) {
  const semaphore = createSemaphore(limit)

  /** Runs `work` when it is its turn. @throws the reason of the signal, if it aborts while the call waits. */
  return async function takeTurn<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted()
    await semaphore.acquire((giveUp) => {
      const onAbort = () => giveUp(signal.reason)
      signal.addEventListener('abort', onAbort)
      return () => signal.removeEventListener('abort', onAbort)
    })
    try {
      return await work()
    } finally {
      semaphore.release()
    }
  }
}
