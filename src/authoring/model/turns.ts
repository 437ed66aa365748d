export type Turns = ReturnType<typeof createTurns>

/** Lets at most `limit` calls run at once. The others wait, first come, first served. */
export function createTurns(limit: number) {
  let running = 0
  const waiting = new Set<() => void>()

  function end() {
    const [next] = waiting
    if (!next) {
      running--
      return
    }
    waiting.delete(next)
    next()
  }

  /** Runs `work` when it is its turn. @throws the reason of the signal, if it aborts while the call waits. */
  return async function takeTurn<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted()
    if (running < limit) running++
    else await wait(signal)
    try {
      return await work()
    } finally {
      end()
    }
  }

  async function wait(signal: AbortSignal) {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const giveUp = () => {
      waiting.delete(resolve)
      reject(signal.reason)
    }
    waiting.add(resolve)
    signal.addEventListener('abort', giveUp, { once: true })
    await promise.finally(() => signal.removeEventListener('abort', giveUp))
  }
}
