import { setTimeout as delay } from 'node:timers/promises'
import { GenerationFailed } from '../authoring/failure.ts'
import type { Generate } from '../authoring/generate.ts'
import type { Difficulty } from '../challenge.ts'
import type { EventBus } from '../events.ts'
import type { Store } from '../store/store.ts'
import { askedAlready } from './asked.ts'

/** After that many failures in a row the filler waits for the next claim instead of for time to pass. */
const failuresToStop = 5
const firstWaitMs = 1000

type Parts = {
  store: Store
  generate: Generate
  events: EventBus
  now: () => number
  /** Challenges to keep ready per difficulty, at least one. */
  size: number
  /** Called with what the filler cannot handle itself; it goes on with the next claim. */
  onError: (error: unknown) => void
}

/**
 * Keeps challenges ready: after a claim it fills the pool of that difficulty up again, in the background, one
 * challenge at a time. A difficulty that nobody asks for stays empty. `stop` resolves when nothing is under way.
 */
export function createPool({ store, generate, events, now, size, onError }: Parts) {
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
        // What was claimed in the moment between the last look and now.
        if (wanted.size > 0 && !stopping.signal.aborted) start()
      })
  }

  async function fill() {
    let failures = 0
    while (!stopping.signal.aborted && failures < failuresToStop) {
      const [difficulty] = wanted
      if (difficulty === undefined) return
      // To the end of the line: no difficulty starves another.
      wanted.delete(difficulty)
      if ((await store.countReady(difficulty)) >= size) continue
      wanted.add(difficulty)
      failures = (await addOne(difficulty)) ? 0 : failures + 1
      if (failures > 0)
        await delay(firstWaitMs * 2 ** failures, undefined, { signal: stopping.signal }).catch(
          () => undefined,
        )
    }
    wanted.clear()
  }

  async function addOne(difficulty: Difficulty): Promise<boolean> {
    try {
      await generate({
        ...(await askedAlready(store, difficulty)),
        deliver: async (draft) => ((await store.addReady(draft, now())) ? true : undefined),
        signal: stopping.signal,
      })
      return true
    } catch (error) {
      if (error instanceof GenerationFailed) return false
      throw error
    }
  }

  return {
    async stop() {
      stopping.abort()
      await filling
    },
  }
}
