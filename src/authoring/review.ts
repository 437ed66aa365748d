import { Type } from '@sinclair/typebox'
import type { Question } from '../question.ts'
import type { ModelClient } from './model-client.ts'
import { reviewRules, reviewTask } from './prompts.ts'

const Verdict = Type.Object(
  { reason: Type.String(), answer: Type.Union([Type.String(), Type.Null()]) },
  { additionalProperties: false },
)

export type Reviewer = ReturnType<typeof createReviewer>

/** The reviewer: solves a challenge blind, seeing what the learner will see and neither key nor explanation. */
export function createReviewer(ask: ModelClient) {
  /** Whether the reviewer comes to the draft's own answer. @throws ModelError */
  return async function review(
    { title, options, correctAnswerId }: Question,
    signal: AbortSignal,
  ): Promise<boolean> {
    const user = reviewTask(title, options)
    const { answer } = await ask({ name: 'review', schema: Verdict, system: reviewRules, user }, signal)
    return answer !== null && answer.trim() === options[correctAnswerId]
  }
}
