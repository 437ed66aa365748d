import { assembleAuthoring } from '../authoring/assemble.ts'
import type { BankEntry } from '../authoring/bank.ts'
import type { Breaker } from '../authoring/breaker.ts'
import type { ModelServer } from '../authoring/model/client.ts'
import { createTurns } from '../authoring/model/turns.ts'
import { createProver } from '../authoring/prove.ts'
import { createSecondLook } from '../authoring/second-look.ts'
import { createSubjects } from '../authoring/subjects.ts'
import { createWriter } from '../challenges/writer.ts'
import type { Config } from '../config.ts'
import type { EventBus } from '../events.ts'
import type { Store } from '../store/store.ts'
import type { Timings } from '../timings.ts'

type Parts = {
  config: Config
  store: Store
  events: EventBus
  timings: Timings
  model: NonNullable<Config['model']>
  openai: ModelServer
  breaker: Breaker
  /** The questions that the model must not repeat. */
  bank: readonly BankEntry[]
}

export type Model = ReturnType<typeof createModel>

/** Everything that writes and reviews questions. Loading it takes as long as the rest of the start, so it is loaded when it is needed. */
export function createModel({ config, store, events, timings, model, openai, breaker, bank }: Parts) {
  const { review, topics, generationTimeoutMs: budgetMs } = config
  const prover = createProver(events)
  const pauseMs = timings.modelPauseMs
  const subjects = createSubjects(topics)
  const { prove } = prover
  const takeTurn = createTurns(model.concurrency)
  const shared = { openai, model, takeTurn, review, subjects, bank, prove, breaker, events, pauseMs }
  const { generate, reviewer } = assembleAuthoring(shared)
  const { drawTopic } = subjects
  return {
    write: createWriter({ generate, drawTopic, store, events, budgetMs }),
    solve: createSecondLook({ review: reviewer, breaker, budgetMs }).solve,
    /** Resolves when no code of a question runs. */
    finish: () => prover[Symbol.asyncDispose](),
  }
}
