import { assembleGenerate } from '../authoring/assemble.ts'
import { createBank } from '../authoring/bank.ts'
import { createBreaker } from '../authoring/breaker.ts'
import { connectModelServer } from '../authoring/model/client.ts'
import type { NamedModel } from '../authoring/model/notices.ts'
import { createTurns } from '../authoring/model/turns.ts'
import { watchModels } from '../authoring/model/watch.ts'
import { createProver } from '../authoring/prove.ts'
import { createSubjects } from '../authoring/subjects.ts'
import { createPool } from '../challenges/pool.ts'
import { createChallengeService } from '../challenges/service.ts'
import { createWriter } from '../challenges/writer.ts'
import type { Config } from '../config.ts'
import type { EventBus } from '../events.ts'
import { describeError, type Log } from '../log.ts'
import type { Difficulty, Question } from '../question.ts'
import type { RateLimit } from '../rate-limit.ts'
import type { Store } from '../store/store.ts'
import type { Timings } from '../timings.ts'
import type { Topic } from '../topics.ts'

type Parts = {
  config: Config
  store: Store
  events: EventBus
  log: Log
  rateLimit: RateLimit
  /** Epoch milliseconds. */
  now: () => number
  /** A clock that never goes back, in milliseconds. */
  monotonic: () => number
  timings: Timings
}

/**
 * The challenge service, the topics that users may ask for, and the background work of a configured model: the watch and
 * the pool's filler.
 */
export function createChallenges(parts: Parts) {
  const { config, store, events, log, rateLimit, now, timings } = parts
  const model = createModel(parts)
  const budgetMs = config.generationTimeoutMs
  const write = model && createWriter({ ...model.writing, store, events, budgetMs })
  const bank = createBank(config.topics)
  const topics = model ? config.topics : listTopics(bank, config.topics)
  const { librarySize } = config
  const challenges = createChallengeService({ store, write, bank, librarySize, events, rateLimit, now })

  function startBackground() {
    const onError = (error: unknown) => log.error(describeError(error), 'the pool could not be filled')
    const { poolSize: size } = config
    const { poolPauseMs: pauseMs } = timings
    const pool =
      write && size > 0
        ? createPool({ store, write, events, now, size, librarySize, topics, pauseMs, onError })
        : undefined
    const watch = model?.startWatch()
    return {
      cancel() {
        watch?.stop()
        pool?.cancel()
      },
      /** Resolves when neither the filler nor the code of a question runs. */
      async finish() {
        await pool?.[Symbol.asyncDispose]()
        await model?.finish()
      },
    }
  }

  return { challenges, topics, startBackground }
}

/** The offered topics of which the bank has questions. Without a model there are no others. */
function listTopics(bank: Record<Difficulty, Question[]>, offered: readonly Topic[]): Topic[] {
  const known = new Set(Object.values(bank).flatMap((questions) => questions.map(({ topic }) => topic)))
  return offered.filter((topic) => known.has(topic))
}

/** Generation by the configured model, and a watch over that model; `undefined` without a model. */
function createModel({ config: { model, review, topics }, events, monotonic, timings }: Parts) {
  if (!model) return undefined
  const openai = connectModelServer(model)
  const breaker = createBreaker(monotonic)
  const prover = createProver(events)
  const pauseMs = timings.modelPauseMs
  const subjects = createSubjects(topics)
  const { prove } = prover
  const takeTurn = createTurns(model.concurrency)
  const generate = assembleGenerate({
    openai,
    model,
    takeTurn,
    review,
    subjects,
    prove,
    breaker,
    events,
    pauseMs,
  })
  return {
    writing: { generate, drawTopic: subjects.drawTopic },
    startWatch: () =>
      watchModels({
        openai,
        models: listModels(model, review),
        events,
        firstMs: timings.watchFirstMs,
        intervalMs: timings.watchIntervalMs,
      }),
    finish: () => prover[Symbol.asyncDispose](),
  }
}

/** The models that are called: the author, and the reviewer if it is another model. */
function listModels({ name, reviewName }: NonNullable<Config['model']>, review: boolean): NamedModel[] {
  const author: NamedModel = { name, variable: 'OPENAI_MODEL' }
  if (!review || reviewName === name) return [author]
  return [author, { name: reviewName, variable: 'OPENAI_REVIEW_MODEL' }]
}
