import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import type { Question } from '../question.ts'
import type { ModelClient } from './model/client.ts'
import { reviewRules, reviewTask } from './prompts.ts'

const Verdict = Type.Object(
  { reason: Type.String(), answer: Type.Union([Type.String(), Type.Null()]) },
  { additionalProperties: false },
)

export type Reviewer = ReturnType<typeof createReviewer>

/** Creates a blind review: the model solves the question without its key and explanation. */
export function createReviewer(ask: ModelClient) {
  /** Whether the model's solution is the question's key. @throws ModelError */
  return async function review(question: Question, signal: AbortSignal): Promise<boolean> {
    const user = reviewTask(question)
    const read = (object: unknown) => {
      const value = Value.Clean(Verdict, object)
      return Value.Check(Verdict, value) ? value : undefined
    }
    const { answer } = await ask({ name: 'review', schema: Verdict, read, system: reviewRules, user }, signal)
    return answer !== null && answer.trim() === question.options[question.correctAnswerId]
  }
}
