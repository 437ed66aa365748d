import type OpenAI from 'openai'
import type { EventBus } from '../events.ts'
import { createAuthor } from './author.ts'
import type { Breaker } from './breaker.ts'
import { createGenerate, type Generate } from './generate.ts'
import { createModelClient } from './model-client.ts'
import { createReviewer } from './review.ts'

type Options = {
  openai: OpenAI
  /** The model's name, and how hard it is to think. */
  model: { name: string; reasoningEffort?: string | undefined }
  /** Whether each challenge is solved blind before it is accepted. */
  review: boolean
  breaker: Breaker
  events: EventBus
  /** The pause after a failed call, in milliseconds. */
  pauseMs: number
}

/** Generation by one model, which is author and reviewer. */
export function assembleGenerate(options: Options): Generate {
  const { openai, model, review, breaker, events, pauseMs } = options
  const ask = createModelClient({ ...model, openai, events })
  return createGenerate({
    author: createAuthor(ask),
    review: review ? createReviewer(ask) : undefined,
    breaker,
    events,
    pauseMs,
  })
}
