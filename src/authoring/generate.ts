import { setTimeout as delay } from 'node:timers/promises'
import type { EventBus } from '../events.ts'
import { GenerationFailed, ModelError, type Rejection } from '../failure.ts'
import { toFingerprint } from '../fingerprint.ts'
import { withJitter } from '../jitter.ts'
import type { Difficulty, Question } from '../question.ts'
import type { Topic } from '../topics.ts'
import type { Author } from './author.ts'
import type { Breaker } from './breaker.ts'
import type { Budget } from './budget.ts'
import { lint } from './lint.ts'
import type { Prover } from './prove.ts'
import { toQuestion } from './question.ts'
import type { Reviewer } from './review.ts'
import { drawSubject } from './subjects.ts'

/** The number of recent titles that the author is told to avoid. */
const avoidedTitles = 20

type Parts = {
  author: Author
  /** `undefined` turns the blind review off. */
  review?: Reviewer | undefined
  /** Runs the code of a question that says that its answer is printed. */
  prove?: Prover | undefined
  breaker: Breaker
  events: EventBus
  /** The pause after a failed call, in milliseconds. */
  pauseMs: number
}

type GenerationRequest = {
  difficulty: Difficulty
  topic: Topic
  /** The latest questions, newest first. A question with one of their fingerprints is rejected. */
  recent: { title: string; fingerprint: string | null }[]
  budget: Budget
}

export type Generate = ReturnType<typeof createGenerate>

/** Author, lint, shuffle, review: attempts at one question, until one succeeds or the budget is spent. */
export function createGenerate({ author, review, prove, breaker, events, pauseMs }: Parts) {
  /** @throws GenerationFailed when no attempt gave an acceptable question. */
  return async function generate(request: GenerationRequest): Promise<Question> {
    if (!breaker.tryAcquire()) throw new GenerationFailed('resting', true)
    try {
      const question = await attemptAll(request)
      breaker.onSuccess()
      return question
    } catch (error) {
      if (request.budget.cancelled()) breaker.onAbandon()
      else if (error instanceof GenerationFailed && error.modelAtFault) breaker.onFailure()
      else breaker.onSuccess()
      throw error
    }
  }

  async function attemptAll(request: GenerationRequest): Promise<Question> {
    const { budget } = request
    let last = new GenerationFailed('timeout', true)
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
    throw last
  }

  /** Makes one attempt; returns the question or the reason of its rejection. @throws ModelError */
  async function attempt({
    difficulty,
    topic,
    recent,
    budget: { signal },
  }: GenerationRequest): Promise<Question | Rejection> {
    const recentTitles = recent.slice(0, avoidedTitles).map(({ title }) => title)
    const { language, subject } = drawSubject(topic)
    const authored = await author({ difficulty, topic, language, subject, recentTitles }, signal)
    const broken = lint(authored)
    if (broken) return broken
    const fingerprint = toFingerprint(authored.question, authored.code)
    if (recent.some((known) => known.fingerprint === fingerprint)) return 'repeat'
    const proof = prove ? await prove(authored, language, signal) : 'unproven'
    if (proof === 'refuted') return 'execution'
    const question = toQuestion(authored, { difficulty, topic, language, fingerprint })
    if (proof !== 'proven' && review && !(await review(question, signal))) return 'review'
    return question
  }
}
