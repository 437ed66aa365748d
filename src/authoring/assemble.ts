import type { EventBus } from '../events.ts'
import type { Topic } from '../topics.ts'
import { createAuthor } from './author.ts'
import type { BankEntry } from './bank.ts'
import type { Breaker } from './breaker.ts'
import { createGenerate } from './generate.ts'
import { indexBank } from './known-bank.ts'
import { createModelClient, type ModelServer } from './model/client.ts'
import { createProver } from './prove.ts'
import { createReviewer } from './review.ts'
import { createSubjects } from './subjects.ts'

type ModelNames = {
  /** The author. */
  name: string
  /** The reviewer. */
  reviewName: string
  reasoningEffort?: string | undefined
}

type Options = {
  server: ModelServer
  model: ModelNames
  /** Whether a blind review must confirm the key of each question. */
  review: boolean
  topics: readonly Topic[]
  /** The questions of the bank, which the model must not repeat. */
  bank: readonly BankEntry[]
  breaker: Breaker
  events: EventBus
  /** The pause after a failed call, in milliseconds. */
  pauseMs: number
}

/**
 * Wires generation with a model as author and a model as reviewer, which may be the same. Disposal resolves when no code
 * of a question runs.
 */
export function assembleAuthoring({
  server,
  model,
  review,
  topics,
  bank,
  breaker,
  events,
  pauseMs,
}: Options) {
  const { name, reviewName, reasoningEffort } = model
  const ask = createModelClient({ server, events, reasoningEffort, name })
  const askReviewer =
    reviewName === name ? ask : createModelClient({ server, events, reasoningEffort, name: reviewName })
  const reviewer = createReviewer(askReviewer)
  const { drawTopic, drawSubject } = createSubjects(topics)
  const prover = createProver(events)
  const generate = createGenerate({
    author: createAuthor(ask),
    drawSubject,
    bank: indexBank(bank),
    review: review ? reviewer : undefined,
    prove: prover.prove,
    breaker,
    events,
    pauseMs,
  })
  return { generate, drawTopic, reviewer, [Symbol.asyncDispose]: prover[Symbol.asyncDispose] }
}
