import Emittery from 'emittery'
import type { GenerationFailed, ModelFault, Rejection } from './failure.ts'
import type { ProblemCode } from './problem.ts'
import type { Difficulty, Source } from './question.ts'

/** What happens here, in the past tense. Users and challenges by their ids: the rest is read where it is true. */
type Events = {
  /** Clerk has a new user. */
  'user.created': { userId: string }
  /** Clerk has deleted a user. */
  'user.deleted': { userId: string }
  /** A challenge has changed hands, and the change is durable. */
  'challenge.claimed': { challengeId: number; difficulty: Difficulty; source: Source; charged: boolean }
  /** A challenge by the model was not good enough. */
  'challenge.rejected': { reason: Rejection }
  /** The model answered; in tokens, as it counted them. */
  'model.answered': { input: number; output: number }
  /** A call of the model came to nothing. */
  'model.failed': { fault: ModelFault }
  /** There is something that an operator should know of the model before its users find out; or no longer. */
  'model.noticed': { notice: string | undefined }
  /** A generation, of up to three attempts, has ended: with a challenge, or for a reason. */
  'generation.finished': { difficulty: Difficulty; outcome: 'accepted' | GenerationFailed['reason'] }
  /** A request found no credit to spend. */
  'quota.refused': { code: ProblemCode }
  /** A webhook was answered; a type that means nothing here is `other`. */
  'webhook.answered': { type: string; outcome: string }
}

/** Where it is published, and subscribed to. */
export type EventBus = Emittery<Events>

/**
 * The bus between the features. `emit` resolves when every subscriber is done and rejects with an AggregateError
 * if any failed: who awaits it knows that the effects are in the database.
 */
export function createEventBus(): EventBus {
  return new Emittery<Events>()
}
