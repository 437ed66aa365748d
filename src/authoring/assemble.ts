import type { EventBus } from '../events.ts'
import { createAuthor } from './author.ts'
import type { BankEntry } from './bank.ts'
import type { Breaker } from './breaker.ts'
import { createGenerate } from './generate.ts'
import { indexBank } from './known-bank.ts'
import { createModelClient, type ModelServer } from './model/client.ts'
import type { Turns } from './model/turns.ts'
import type { Prover } from './prove.ts'
import { createReviewer } from './review.ts'
import type { Subjects } from './subjects.ts'

type ModelSettings = {
  /** The author. */
  name: string
  /** The reviewer. */
  reviewName: string
  reasoningEffort?: string | undefined
}

type Options = {
  openai: ModelServer
  model: ModelSettings
  /** Limits the calls at once. */
  takeTurn: Turns
  /** Whether a blind review must confirm the key of each question. */
  review: boolean
  subjects: Subjects
  /** The questions of the bank, which the model must not repeat. */
  bank: readonly BankEntry[]
  /** Runs the code of questions. */
  prove: Prover
  breaker: Breaker
  events: EventBus
  /** The pause after a failed call, in milliseconds. */
  pauseMs: number
}

/** Wires generation with a model as author and a model as reviewer, which may be the same. */
export function assembleAuthoring(options: Options) {
  const { openai, model, takeTurn, review, subjects, bank, prove, breaker, events, pauseMs } = options
  const { name, reviewName, reasoningEffort } = model
  const shared = { openai, events, reasoningEffort, takeTurn }
  const ask = createModelClient({ ...shared, name })
  const askReviewer = reviewName === name ? ask : createModelClient({ ...shared, name: reviewName })
  const reviewer = createReviewer(askReviewer)
  const generate = createGenerate({
    author: createAuthor(ask),
    drawSubject: subjects.drawSubject,
    bank: indexBank(bank),
    review: review ? reviewer : undefined,
    prove,
    breaker,
    events,
    pauseMs,
  })
  return { generate, reviewer }
}
