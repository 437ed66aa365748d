import type { EventBus } from '../events.ts'
import { createAuthor } from './author.ts'
import { bank } from './bank.ts'
import type { Breaker } from './breaker.ts'
import { createGenerate, type Generate } from './generate.ts'
import { indexBank } from './known-bank.ts'
import { createModelClient, type ModelServer } from './model/client.ts'
import type { Prover } from './prove.ts'
import { createReviewer } from './review.ts'
import type { Subjects } from './subjects.ts'

type Options = {
  openai: ModelServer
  model: { name: string; reasoningEffort?: string | undefined }
  /** Whether a blind review must confirm the key of each question. */
  review: boolean
  subjects: Subjects
  /** Runs the code of questions. */
  prove: Prover
  breaker: Breaker
  events: EventBus
  /** The pause after a failed call, in milliseconds. */
  pauseMs: number
}

/** Wires generation with one model as author and reviewer. */
export function assembleGenerate(options: Options): Generate {
  const { openai, model, review, subjects, prove, breaker, events, pauseMs } = options
  const ask = createModelClient({ ...model, openai, events })
  return createGenerate({
    author: createAuthor(ask),
    drawSubject: subjects.drawSubject,
    bank: indexBank(bank),
    review: review ? createReviewer(ask) : undefined,
    prove,
    breaker,
    events,
    pauseMs,
  })
}
