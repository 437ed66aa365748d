import Emittery from 'emittery'
import type { ReportReason } from './answer.ts'
import type { GenerationFailed, ModelFault, Rejection } from './failure.ts'
import type { ProblemCode } from './problem.ts'
import type { Difficulty, Source } from './question.ts'

/** Events are named in the past tense. Payloads carry ids; subscribers read current state from the store. */
type Events = {
  /** Clerk created a user. */
  'user.created': { userId: string }
  /** Clerk deleted a user. */
  'user.deleted': { userId: string }
  /** A challenge was assigned to a user, durably. */
  'challenge.claimed': { challengeId: number; difficulty: Difficulty; source: Source; charged: boolean }
  /** A challenge was answered for the first time, durably. */
  'challenge.answered': {
    challengeId: number
    questionId: number
    difficulty: Difficulty
    topic: string | null
    correct: boolean
  }
  /** A challenge was reported for the first time, durably. */
  'challenge.reported': { challengeId: number; questionId: number; reason: ReportReason }
  /** A challenge by the model broke a rule. */
  'challenge.rejected': { reason: Rejection }
  /** The model answered a call. The figures are tokens, as the model counted them. */
  'model.answered': { input: number; output: number }
  /** A call of the model gave no usable answer. */
  'model.failed': { fault: ModelFault }
  /** The operator notice about the model changed, or is repeated; `undefined` clears the notice. */
  'model.noticed': { notice: string | undefined }
  /** A generation of up to three attempts ended. */
  'generation.finished': { difficulty: Difficulty; outcome: 'accepted' | GenerationFailed['reason'] }
  /** A request was refused for lack of credits. */
  'quota.refused': { code: ProblemCode }
  /** A webhook was answered. `type` is `other` for a type without a handler. */
  'webhook.answered': { type: string; outcome: string }
}

export type EventBus = Emittery<Events>

/**
 * The bus between the features. `emit` resolves after every subscriber has finished, so their effects are in the
 * database. It rejects with an AggregateError if a subscriber failed.
 */
export function createEventBus(): EventBus {
  return new Emittery<Events>()
}
