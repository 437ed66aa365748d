import { setTimeout as delay } from 'node:timers/promises'
import type { SecondLook } from '../authoring/second-look.ts'
import type { EventBus } from '../events.ts'
import { withJitter } from '../jitter.ts'
import type { Store } from '../store/store.ts'

/** The pause doubles with each failure in a row, up to 16 intervals. */
const maxDoublings = 4

type Parts = {
  store: Pick<Store, 'takeSuspect' | 'settleSuspect' | 'postponeSuspect'>
  secondLook: SecondLook
  events: EventBus
  now: () => number
  /** The longest time of a second look, in milliseconds. A process that dies holds its question for so long. */
  leaseMs: number
  /** The time between two searches for suspected questions, also of other processes, in milliseconds. */
  intervalMs: number
  /** Called with an error that is not the model's; the search goes on later. */
  onError: (error: unknown) => void
}

/**
 * Gives suspected questions a second look in the background, one at a time: at the start, when one becomes suspected, and
 * at intervals. Without a suspected question it calls no model. Disposal resolves when it has ended.
 */
export function createSecondLooks({ store, secondLook, events, now, leaseMs, intervalMs, onError }: Parts) {
  const stopping = new AbortController()
  const { signal } = stopping
  let woken = Promise.withResolvers<void>()
  events.on('question.suspected', () => woken.resolve())
  const running = run()

  async function run() {
    let failures = 0
    while (!signal.aborted) {
      woken = Promise.withResolvers()
      const pauseMs = intervalMs * 2 ** Math.min(failures, maxDoublings)
      const looked = await lookAtOne(pauseMs).catch((error) => {
        onError(error)
        return 'failed' as const
      })
      failures = looked === 'failed' ? failures + 1 : 0
      if (looked === 'done') continue
      // While the model fails, further suspected questions are no reason to call it.
      await pause(pauseMs, looked === 'failed' ? [] : [woken.promise])
    }
  }

  async function pause(milliseconds: number, wakers: Promise<void>[]) {
    const ended = new AbortController()
    const both = AbortSignal.any([signal, ended.signal])
    const timer = delay(withJitter(milliseconds), undefined, { signal: both }).catch(() => undefined)
    await Promise.race([timer, ...wakers])
    ended.abort()
  }

  /**
   * Gives one suspected question a second look. Without a decision, no process tries that question again for `pauseMs`.
   */
  async function lookAtOne(pauseMs: number): Promise<'done' | 'none' | 'failed'> {
    if (secondLook.isResting()) return 'failed'
    const taken = now()
    const suspect = await store.takeSuspect(taken, taken + leaseMs)
    if (!suspect) return 'none'
    const outcome = await secondLook.solve(suspect, signal)
    if (outcome === undefined) {
      await store.postponeSuspect(suspect, signal.aborted ? now() : now() + pauseMs)
      return 'failed'
    }
    const isSettled = await store.settleSuspect(suspect, outcome)
    if (isSettled) void events.emit(`question.${outcome}`, { questionId: suspect.id })
    return 'done'
  }

  const cancel = () => stopping.abort()
  return {
    /** Ends the current second look soon, and begins no other. */
    cancel,
    async [Symbol.asyncDispose]() {
      cancel()
      await running
    },
  }
}
