import { createBudget } from '../authoring/budget.ts'
import type { Generate } from '../authoring/generate.ts'
import type { EventBus } from '../events.ts'
import { GenerationFailed } from '../failure.ts'
import type { Difficulty, Question } from '../question.ts'
import type { Store } from '../store/store.ts'
import type { Topic } from '../topics.ts'

type Parts = {
  store: Pick<Store, 'recentQuestions'>
  generate: Generate
  /** Draws the topic of a question for which none is asked. */
  drawTopic: (difficulty: Difficulty) => Topic
  events: EventBus
  /** The time of one generation, all its calls together, in milliseconds. */
  budgetMs: number
}

export type Writer = ReturnType<typeof createWriter>

/** Has the model write questions until one is new to the store. */
export function createWriter({ store, generate, drawTopic, events, budgetMs }: Parts) {
  /**
   * Writes a question of `topic`, or of any topic that is offered. Resolves with the result of `place`, which stores the
   * question or finds that it is stored already.
   * @param cancel Ends the generation early.
   * @throws GenerationFailed when no attempt gave a new question; and whatever `place` throws.
   */
  return async function write<T extends object>(
    difficulty: Difficulty,
    topic: Topic | undefined,
    place: (question: Question) => Promise<T | 'repeat'>,
    cancel?: AbortSignal,
  ): Promise<T> {
    try {
      const drawn = topic ?? drawTopic(difficulty)
      const recent = await store.recentQuestions(drawn)
      const budget = createBudget(budgetMs, cancel)
      do {
        const { question, checked } = await generate({ difficulty, topic: drawn, recent, budget })
        const placed = await place(question)
        if (placed !== 'repeat') {
          void events.emit('question.accepted', { difficulty, topic: drawn, checked })
          void events.emit('generation.finished', { difficulty, outcome: 'accepted' })
          return placed
        }
        void events.emit('challenge.rejected', { reason: 'repeat' })
      } while (budget.attemptsLeft() > 0)
      throw new GenerationFailed('repeat', false)
    } catch (error) {
      if (error instanceof GenerationFailed) {
        void events.emit('generation.finished', { difficulty, outcome: error.reason })
      }
      throw error
    }
  }
}
