import { ModelError } from '../failure.ts'
import type { Reviewer } from './review.ts'

/** The number of blind solutions that must all be the key. */
const solutions = 3

type Parts = {
  review: Reviewer
  /** Whether the circuit breaker admits no call. */
  isResting: () => boolean
  /** The time of one solution, in milliseconds. */
  budgetMs: number
}

export type SecondLook = ReturnType<typeof createSecondLook>

/** The longest time of a second look, in milliseconds. */
export const longestLookMs = (budgetMs: number) => solutions * budgetMs

/**
 * Creates a second look at a suspected question: the reviewer solves it blind up to three times, one after another. The
 * calls do not count for the circuit breaker, so that they cannot stop the generation of questions.
 */
export function createSecondLook({ review, isResting, budgetMs }: Parts) {
  /**
   * `cleared`: all solutions are the key. `retired`: one is not. `undefined`: a call failed or named no option, so
   * nothing is decided.
   */
  async function solve(
    question: Parameters<Reviewer>[0],
    cancel: AbortSignal,
  ): Promise<'cleared' | 'retired' | undefined> {
    try {
      for (let count = 0; count < solutions; count++) {
        const signal = AbortSignal.any([AbortSignal.timeout(budgetMs), cancel])
        const solution = await review(question, signal, { quiet: true })
        if (solution !== 'key') return solution === 'other' ? 'retired' : undefined
      }
      return 'cleared'
    } catch (error) {
      if (error instanceof ModelError) return undefined
      throw error
    }
  }

  return { isResting, solve }
}
