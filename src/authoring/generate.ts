import { setTimeout as delay } from 'node:timers/promises'
import type { Difficulty, Draft } from '../challenge.ts'
import type { EventBus } from '../events.ts'
import type { Author } from './author.ts'
import type { Breaker } from './breaker.ts'
import { draftOf, fingerprintOf } from './draft.ts'
import { GenerationFailed, ModelError, type Rejection } from './failure.ts'
import { lint } from './lint.ts'
import type { Reviewer } from './review.ts'

const maxAttempts = 3
/** Between a call that failed and the next, in milliseconds: a server in trouble is not helped by haste. */
const pause = 200

type Parts = {
  write: Author
  /** Left out: no blind solve. */
  agrees?: Reviewer | undefined
  breaker: Breaker
  /** The budget of a whole generation, all its calls together, in milliseconds. */
  budgetMs: number
  events: EventBus
}

type GenerationRequest<T> = {
  difficulty: Difficulty
  /** Titles the author is to keep away from. */
  recentTitles: string[]
  isAsked: (fingerprint: string) => Promise<boolean>
  /** Takes the accepted challenge where it belongs; `undefined` if its question turns out to be stored already. */
  deliver: (draft: Draft) => Promise<T | undefined>
  /** Ends the generation early. */
  signal?: AbortSignal
}

export type Generate = ReturnType<typeof createGenerate>

/** Author, lint, shuffle, review, deliver: up to three attempts at one challenge, within one budget of time. */
export function createGenerate({ write, agrees, breaker, budgetMs, events }: Parts) {
  /**
   * Resolves with what `deliver` made of the challenge.
   * @throws GenerationFailed when no attempt led to one; and whatever `isAsked` and `deliver` throw.
   */
  return async function generate<T>(request: GenerationRequest<T>): Promise<T> {
    const { difficulty } = request
    try {
      if (!breaker.enter()) throw new GenerationFailed('resting', true)
      const delivered = await judged(request)
      void events.emit('generation.finished', { difficulty, outcome: 'accepted' })
      return delivered
    } catch (error) {
      if (error instanceof GenerationFailed) {
        void events.emit('generation.finished', { difficulty, outcome: error.reason })
      }
      throw error
    }
  }

  /** The attempts, and what they say about the model. */
  async function judged<T>(request: GenerationRequest<T>): Promise<T> {
    try {
      const delivered = await attempts(request)
      breaker.succeeded()
      return delivered
    } catch (error) {
      if (request.signal?.aborted) breaker.abandoned()
      else if (error instanceof GenerationFailed && error.modelAtFault) breaker.failed()
      else breaker.succeeded()
      throw error
    }
  }

  async function attempts<T>(request: GenerationRequest<T>): Promise<T> {
    const budget = AbortSignal.timeout(budgetMs)
    const signal = request.signal ? AbortSignal.any([budget, request.signal]) : budget
    const end = performance.now() + budgetMs
    let last = new GenerationFailed('timeout', true)
    for (let attempt = 1; attempt <= maxAttempts && !signal.aborted; attempt++) {
      try {
        const delivered = await once(request, signal)
        if (typeof delivered !== 'string') return delivered.value
        last = new GenerationFailed(delivered, false)
        void events.emit('challenge.rejected', { reason: delivered })
      } catch (error) {
        if (!(error instanceof ModelError)) throw error
        last = new GenerationFailed(error.fault, true)
        void events.emit('model.failed', { fault: error.fault })
        const wait = Math.max(pause, error.retryAfterMs)
        if (attempt === maxAttempts || performance.now() + wait >= end) break
        await delay(wait, undefined, { signal }).catch(() => undefined)
      }
    }
    throw last
  }

  /** One attempt: what `deliver` made of it, or why the challenge was rejected. */
  async function once<T>(
    request: GenerationRequest<T>,
    signal: AbortSignal,
  ): Promise<{ value: T } | Rejection> {
    const authored = await write(request.difficulty, request.recentTitles, signal)
    const broken = lint(authored)
    if (broken) return broken
    if (await request.isAsked(fingerprintOf(authored.question, authored.code))) return 'repeat'
    const draft = draftOf(authored, request.difficulty)
    if (agrees && !(await agrees(draft, signal))) return 'review'
    const value = await request.deliver(draft)
    return value === undefined ? 'repeat' : { value }
  }
}
