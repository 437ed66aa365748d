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
  generationTimeoutMs: number
  breaker: Breaker
  events: EventBus
}

/** Generation by one model, which is author and reviewer. */
export function assembleGenerate(options: Options): Generate {
  const { openai, model, review, generationTimeoutMs, breaker, events } = options
  const ask = createModelClient({ ...model, openai, events })
  return createGenerate({
    write: createAuthor(ask),
    agrees: review ? createReviewer(ask) : undefined,
    breaker,
    budgetMs: generationTimeoutMs,
    events,
  })
}
