import type { EventBus } from '../events.ts'
import { createAuthor } from './author.ts'
import type { Breaker } from './breaker.ts'
import { createGenerate, type Generate } from './generate.ts'
import { createModelClient, type ModelServer } from './model/client.ts'
import type { Prover } from './prove.ts'
import { createReviewer } from './review.ts'

type Options = {
  openai: ModelServer
  model: { name: string; reasoningEffort?: string | undefined }
  /** Whether a blind review must confirm the key of each question. */
  review: boolean
  /** Runs the code of questions. */
  prove: Prover
  breaker: Breaker
  events: EventBus
  /** The pause after a failed call, in milliseconds. */
  pauseMs: number
}

/** Wires generation with one model as author and reviewer. */
export function assembleGenerate(options: Options): Generate {
  const { openai, model, review, prove, breaker, events, pauseMs } = options
  const ask = createModelClient({ ...model, openai, events })
  return createGenerate({
    author: createAuthor(ask),
    review: review ? createReviewer(ask) : undefined,
    prove,
    breaker,
    events,
    pauseMs,
  })
}
