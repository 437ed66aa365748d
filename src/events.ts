import Emittery from 'emittery'
import type { DamagedRow, GenerationFailed, ModelFault, Rejection } from './failure.ts'
import type { ProblemCode } from './problem.ts'
import type { Check, Difficulty, Proof, ReportReason, Source, SupplyName } from './question.ts'
import type { Suspicion } from './suspicion.ts'
import type { Topic } from './topics.ts'

/** Events are named in the past tense. A payload has what its subscribers use. */
type Events = {
  /** Clerk created a user. */
  'user.created': { userId: string }
  /** Clerk deleted a user. */
  'user.deleted': { userId: string }
  /**
   * A challenge was assigned to a user, durably. `requested` is the topic that the user asked for, `supply` the place
   * from which the question came.
   */
  'challenge.claimed': {
    difficulty: Difficulty
    requested: Topic | undefined
    source: Source
    supply: SupplyName
    charged: boolean
  }
  /** A question by the model was accepted and stored. */
  'question.accepted': { difficulty: Difficulty; topic: Topic; checked: Check }
  /** A challenge was answered for the first time, durably. */
  'challenge.answered': { difficulty: Difficulty; topic: string | null; correct: boolean }
  /** A challenge was reported for the first time, durably. */
  'challenge.reported': { reason: ReportReason }
  /** Answers or reports made the key of a question doubtful, durably: the question left circulation. */
  'question.suspected': {
    questionId: number
    difficulty: Difficulty
    topic: string | null
    reason: Suspicion
  }
  /** A second look confirmed the key of a suspected question, durably: the question circulates again. */
  'question.cleared': { questionId: number }
  /** A second look did not confirm the key of a suspected question, durably: the question is retired. */
  'question.retired': { questionId: number }
  /** A challenge by the model broke a rule. */
  'challenge.rejected': { reason: Rejection }
  /** The code of a question by the model was run. */
  'question.run': { proof: Proof }
  /** The model answered a call, in the response format `format`. The figures are tokens, as the model counted them. */
  'model.answered': { input: number; output: number; format: string }
  /** One call of the model ended, in `seconds`. */
  'model.called': { model: string; outcome: 'answered' | ModelFault; seconds: number }
  /** The model gave no usable answer, in any response format. `quiet`: for background work that tries again and again. */
  'model.failed': { model: string; fault: ModelFault; quiet: boolean }
  /** The model's server refused a parameter, which is left out from now on. */
  'model.refused_option': { model: string; option: 'reasoning_effort' }
  /** The operator notices about the models changed, or are repeated. */
  'model.noticed': { notices: ModelNotice[] }
  /** A generation of up to three attempts ended. */
  'generation.finished': { difficulty: Difficulty; outcome: 'accepted' | GenerationFailed['reason'] }
  /** A damaged row of the database was left out of an answer. */
  'row.left_out': DamagedRow
  /** A request was refused for lack of credits. */
  'quota.refused': { code: ProblemCode }
  /** The server was told to stop. It still takes requests. */
  'server.stopping': undefined
  /** A webhook was answered. `type` is `other` for a type without a handler. */
  'webhook.answered': { type: string; outcome: string }
}

/** The Clerk event types that the server handles. They are also the names on the event bus. */
export const userEvents = ['user.created', 'user.deleted'] as const

/** A sentence for the operator, with its reason and the variable to look at. */
export type ModelNotice = { text: string; reason: string; variable: string }

export type EventBus = Emittery<Events>

/**
 * The bus between the features. `emit` resolves after every subscriber has finished, so their effects are in the
 * database. It rejects with an AggregateError if a subscriber failed.
 */
export function createEventBus(): EventBus {
  return new Emittery<Events>()
}
