import { setTimeout as delay } from 'node:timers/promises'
import type { EventBus } from '../events.ts'
import { GenerationFailed, ModelError, type Rejection } from '../failure.ts'
import { toFingerprint } from '../fingerprint.ts'
import { withJitter } from '../jitter.ts'
import type { Check, Difficulty, Question, RecentQuestion } from '../question.ts'
import type { Topic } from '../topics.ts'
import type { Author } from './author.ts'
import { listAvoided } from './avoided.ts'
import type { Breaker } from './breaker.ts'
import type { Budget } from './budget.ts'
import type { KnownBank } from './known-bank.ts'
import { isNearRepeat } from './likeness.ts'
import { lint } from './lint.ts'
import type { Prover } from './prove.ts'
import { toQuestion } from './question.ts'
import type { Reviewer } from './review.ts'
import type { Subjects } from './subjects.ts'

type Parts = {
  author: Author
  drawSubject: Subjects['drawSubject']
  bank: KnownBank
  /** `undefined` turns the blind review off. */
  review?: Reviewer | undefined
  /** Runs the code of a question that says that its answer is printed. */
  prove: Prover
  breaker: Breaker
  events: EventBus
  /** The pause after a failed call, in milliseconds. */
  pauseMs: number
}

type GenerationRequest = {
  difficulty: Difficulty
  topic: Topic
  /** The latest questions of the topic, or without one, newest first. A question that repeats one is rejected. */
  recent: readonly RecentQuestion[]
  budget: Budget
}

/** A question, and how its key was checked. */
export type Accepted = { question: Question; checked: Check }

export type Generate = ReturnType<typeof createGenerate>

/**
 * Author, lint, search for repeats, run, shuffle, review: attempts at one question, until one succeeds or the budget is
 * spent.
 */
export function createGenerate(parts: Parts) {
  const { author, drawSubject, bank, review, prove, breaker, events, pauseMs } = parts

  /** @throws GenerationFailed when no attempt gave an acceptable question. */
  return async function generate(request: GenerationRequest): Promise<Accepted> {
    if (!breaker.tryAcquire()) throw new GenerationFailed('resting', true)
    try {
      const accepted = await attemptAll(request)
      breaker.onSuccess()
      return accepted
    } catch (error) {
      if (request.budget.cancelled()) breaker.onAbandon()
      else if (error instanceof GenerationFailed && error.modelAtFault) breaker.onFailure()
      else breaker.onSuccess()
      throw error
    }
  }

  async function attemptAll(request: GenerationRequest): Promise<Accepted> {
    const { budget } = request
    let last: GenerationFailed | undefined
    while (budget.takeAttempt()) {
      try {
        const result = await attempt(request)
        if (typeof result !== 'string') return result
        last = new GenerationFailed(result, false)
        void events.emit('challenge.rejected', { reason: result })
      } catch (error) {
        if (!(error instanceof ModelError)) throw error
        last = new GenerationFailed(error.fault, true)
        const pause = error.retryAfterMs + withJitter(pauseMs)
        if (budget.attemptsLeft() === 0 || pause >= budget.millisecondsLeft()) break
        await delay(pause, undefined, { signal: budget.signal }).catch(() => undefined)
      }
    }
    throw last ?? new GenerationFailed('timeout', true)
  }

  /** Makes one attempt; returns the question or the reason of its rejection. @throws ModelError */
  async function attempt(request: GenerationRequest): Promise<Accepted | Rejection> {
    const { difficulty, topic, recent } = request
    const { signal } = request.budget
    const { language, subject } = drawSubject(difficulty, topic)
    const avoid = listAvoided(recent, topic)
    const authored = await author({ difficulty, topic, language, subject, avoid }, signal)
    // The lint checks lengths; the steps after it normalise the texts.
    const broken = lint(authored)
    if (broken) return broken
    const fingerprint = toFingerprint(authored.question, authored.code)
    const known = bank.findIndex(topic)
    known.update(recent)
    const alike = known.findAlike(authored, fingerprint)
    if (bank.fingerprints.has(fingerprint) || alike.some((question) => question.fingerprint === fingerprint))
      return 'repeat'
    if (isNearRepeat(authored, alike)) return 'near_repeat'
    const proof = await prove(authored, language, signal)
    if (proof === 'refuted') return 'execution'
    const question = toQuestion(authored, { difficulty, topic, language, fingerprint })
    if (proof === 'proven') return { question, checked: 'proven' }
    if (!review) return { question, checked: 'unchecked' }
    return (await review(question, signal)) === 'key' ? { question, checked: 'reviewed' } : 'review'
  }
}
