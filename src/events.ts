import Emittery from 'emittery'
import type { GenerationFailed, ModelFault, Rejection } from './authoring/failure.ts'
import type { Difficulty, Source } from './store/store.ts'

/** What happens here, in the past tense; ids only, so that a subscriber reads the rest where it is true. */
export type Events = {
  /** Clerk has a new user. */
  'user.created': { userId: string }
  /** Clerk has deleted a user. */
  'user.deleted': { userId: string }
  /** A challenge has changed hands, and the change is durable. */
  'challenge.claimed': { challengeId: number; difficulty: Difficulty; source: Source; charged: boolean }
  /** A challenge by the model was not good enough. */
  'challenge.rejected': { reason: Rejection }
  /** A call of the model came to nothing. */
  'model.failed': { fault: ModelFault }
  /** A request got no challenge from the model, and was given the bank's. */
  'generation.failed': { difficulty: Difficulty; reason: GenerationFailed['reason'] }
}

export type EventBus = Emittery<Events>

/**
 * The bus between the features. `emit` resolves when every subscriber is done and rejects with an AggregateError
 * if any failed: who awaits it knows that the effects are in the database.
 */
export function createEventBus(): EventBus {
  return new Emittery<Events>()
}
