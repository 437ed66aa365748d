import { setTimeout as delay } from 'node:timers/promises'
import type { EventBus } from '../events.ts'
import { GenerationFailed } from '../failure.ts'
import { withJitter } from '../jitter.ts'
import type { Difficulty } from '../question.ts'
import type { Store } from '../store/store.ts'
import type { Writer } from './writer.ts'

/** After this many failures in a row the filler waits for the next claim, rather than for time to pass. */
const failuresToStop = 5

type Parts = {
  store: Pick<Store, 'countReady' | 'addReady'>
  write: Writer
  events: EventBus
  now: () => number
  /** The number of questions to keep ready for each difficulty, at least one. */
  size: number
  /** The pause after a failure, in milliseconds; it doubles with each further failure in a row. */
  pauseMs: number
  /** Called with an error that the filler cannot handle; it goes on with the next claim. */
  onError: (error: unknown) => void
}

/**
 * Keeps questions ready: after a claim it fills the pool of that difficulty up again, in the background, one question at
 * a time. A difficulty that nobody asks for stays empty. Disposal resolves when the filler has ended.
 */
export function createPool({ store, write, events, now, size, pauseMs, onError }: Parts) {
  const wanted = new Set<Difficulty>()
  const stopping = new AbortController()
  let filling: Promise<void> | undefined

  events.on('challenge.claimed', ({ data }) => {
    if (stopping.signal.aborted) return
    wanted.add(data.difficulty)
    start()
  })

  function start() {
    filling ??= fill()
      .catch((error) => {
        wanted.clear()
        onError(error)
      })
      .finally(() => {
        filling = undefined
        // A claim may have arrived after the filler's last check.
        if (wanted.size > 0 && !stopping.signal.aborted) start()
      })
  }

  async function fill() {
    let failures = 0
    while (!stopping.signal.aborted && failures < failuresToStop) {
      const [difficulty] = wanted
      if (difficulty === undefined) return
      // It goes to the end of the line, so that no difficulty starves another.
      wanted.delete(difficulty)
      if ((await store.countReady(difficulty)) >= size) continue
      wanted.add(difficulty)
      failures = (await addOne(difficulty)) ? 0 : failures + 1
      if (failures > 0) {
        const pause = withJitter(pauseMs * 2 ** (failures - 1))
        await delay(pause, undefined, { signal: stopping.signal }).catch(() => undefined)
      }
    }
    wanted.clear()
  }

  async function addOne(difficulty: Difficulty): Promise<boolean> {
    try {
      await write(
        difficulty,
        undefined,
        async (question) => ((await store.addReady(question, now())) ? question : 'repeat'),
        stopping.signal,
      )
      return true
    } catch (error) {
      if (error instanceof GenerationFailed) return false
      throw error
    }
  }

  const cancel = () => stopping.abort()
  return {
    /** Ends the filler soon: it begins no further question and gives up the current one. */
    cancel,
    async [Symbol.asyncDispose]() {
      cancel()
      await filling
    },
  }
}
