import { setTimeout as delay } from 'node:timers/promises'
import type { EventBus } from '../events.ts'
import { GenerationFailed } from '../failure.ts'
import { withJitter } from '../jitter.ts'
import type { Difficulty } from '../question.ts'
import type { Level } from '../store/levels.ts'
import type { Store } from '../store/store.ts'
import { isServed, type Topic } from '../topics.ts'
import type { Writer } from './writer.ts'

/** After this many failures in a row the filler waits for the next claim, rather than for time to pass. */
const failuresToStop = 5

/** The questions to keep ready: of a topic, or else of any offered topic. */
type Want = { difficulty: Difficulty; topic: Topic | undefined }

type Parts = {
  store: Pick<Store, 'countReady' | 'countLibraries' | 'addReady'>
  write: Writer
  events: EventBus
  now: () => number
  /** The number of questions to keep ready for each difficulty, and for each topic asked for; at least one. */
  size: number
  /** The number of circulating questions from which on the pool is not filled any more; 0: it is always filled. */
  librarySize: number
  /** The topics that the server offers. */
  topics: readonly Topic[]
  /** The pause after a failure, in milliseconds; it doubles with each further failure in a row. */
  pauseMs: number
  /** Called with an error that the filler cannot handle; it goes on with the next claim. */
  onError: (error: unknown) => void
}

/**
 * Keeps questions ready. After a claim, the filler refills the pool of the difficulty, and of the topic if the user
 * asked for one, in the background, one question at a time, while the library has fewer than `librarySize` questions.
 * The pool of a topic for which no user asks stays empty. Disposal resolves when the filler has ended.
 */
export function createPool(parts: Parts) {
  const { store, write, events, now, size, librarySize, topics, pauseMs, onError } = parts
  /** By difficulty and topic. */
  const wanted = new Map<string, Want>()
  const stopping = new AbortController()
  let filling: Promise<void> | undefined

  events.on('challenge.claimed', ({ data }) => {
    if (stopping.signal.aborted) return
    const { difficulty, requested: topic } = data
    wanted.set(`${difficulty} ${topic}`, { difficulty, topic })
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
      const [first] = wanted
      if (first === undefined) return
      // A want that is not satisfied moves to the end of the map, so that no want starves another.
      const [name, want] = first
      wanted.delete(name)
      if (await isSupplied(want)) continue
      wanted.set(name, want)
      failures = (await addOne(want)) ? 0 : failures + 1
      if (failures > 0) {
        const pause = withJitter(pauseMs * 2 ** (failures - 1))
        await delay(pause, undefined, { signal: stopping.signal }).catch(() => undefined)
      }
    }
    wanted.clear()
  }

  /** Whether the library has enough questions that a request for `want` may get, or else the pool. */
  async function isSupplied({ difficulty, topic: asked }: Want): Promise<boolean> {
    const sum = (levels: Level[]) =>
      levels
        .filter((level) => level.difficulty === difficulty && isServed(level.topic, asked, topics))
        .reduce((total, { count }) => total + count, 0)
    if (librarySize > 0 && sum(await store.countLibraries()) >= librarySize) return true
    return sum(await store.countReady()) >= size
  }

  async function addOne({ difficulty, topic }: Want): Promise<boolean> {
    try {
      await write(
        difficulty,
        topic,
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
