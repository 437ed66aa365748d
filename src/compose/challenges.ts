import { assembleAuthoring } from '../authoring/assemble.ts'
import { createBank } from '../authoring/bank.ts'
import { createBreaker } from '../authoring/breaker.ts'
import { connectModelServer } from '../authoring/model/client.ts'
import type { NamedModel } from '../authoring/model/notices.ts'
import { createTurns } from '../authoring/model/turns.ts'
import { watchModels } from '../authoring/model/watch.ts'
import { createProver } from '../authoring/prove.ts'
import { createSecondLook, longestLookMs, type SecondLook } from '../authoring/second-look.ts'
import { createSubjects } from '../authoring/subjects.ts'
import { createPool } from '../challenges/pool.ts'
import { createSecondLooks } from '../challenges/second-looks.ts'
import { createChallengeService } from '../challenges/service.ts'
import { createWriter, type Writer } from '../challenges/writer.ts'
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
 * The challenge service, the topics that users may ask for, and the background work of a configured model: the watch, the
 * pool's filler and the second looks.
 */
export function createChallenges(parts: Parts) {
  const { config, store, events, rateLimit, now } = parts
  const model = createModel(parts)
  const budgetMs = config.generationTimeoutMs
  const write = model && createWriter({ ...model.writing, store, events, budgetMs })
  const bank = createBank(config.topics)
  const topics = model ? config.topics : listTopics(bank, config.topics)
  const { librarySize } = config
  const challenges = createChallengeService({ store, write, bank, librarySize, events, rateLimit, now })

  function startBackground() {
    const workers = [startPool(parts, write, topics), model && startSecondLooks(parts, model.secondLook)]
    const watch = model?.startWatch()
    return {
      cancel() {
        watch?.stop()
        for (const worker of workers) worker?.cancel()
      },
      /** Resolves when no background work and no code of a question runs. */
      async finish() {
        await Promise.all(workers.map((worker) => worker?.[Symbol.asyncDispose]()))
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

/** The pool's filler; `undefined` without a model or with an empty pool. */
function startPool(parts: Parts, write: Writer | undefined, topics: readonly Topic[]) {
  const { config, store, events, log, now, timings } = parts
  const { poolSize: size, librarySize } = config
  if (!write || size === 0) return undefined
  const onError = (error: unknown) => log.error(describeError(error), 'the pool could not be filled')
  const { poolPauseMs: pauseMs } = timings
  return createPool({ store, write, events, now, size, librarySize, topics, pauseMs, onError })
}

/** The second looks at suspected questions. Without a model, suspected questions wait for the operator. */
function startSecondLooks({ config, store, events, log, now, timings }: Parts, secondLook: SecondLook) {
  const onError = (error: unknown) => log.error(describeError(error), 'a second look failed')
  const leaseMs = longestLookMs(config.generationTimeoutMs)
  const intervalMs = timings.lookIntervalMs
  return createSecondLooks({ store, secondLook, events, now, leaseMs, intervalMs, onError })
}

/** Generation by the configured model, and a watch over that model; `undefined` without a model. */
function createModel({ config, events, monotonic, timings }: Parts) {
  const { model, review, topics, generationTimeoutMs: budgetMs } = config
  if (!model) return undefined
  const openai = connectModelServer(model)
  const breaker = createBreaker(monotonic)
  const prover = createProver(events)
  const pauseMs = timings.modelPauseMs
  const subjects = createSubjects(topics)
  const { prove } = prover
  const takeTurn = createTurns(model.concurrency)
  const shared = { openai, model, takeTurn, review, subjects, prove, breaker, events, pauseMs }
  const { generate, reviewer } = assembleAuthoring(shared)
  return {
    writing: { generate, drawTopic: subjects.drawTopic },
    secondLook: createSecondLook({ review: reviewer, breaker, budgetMs }),
    startWatch: () =>
      watchModels({
        openai,
        models: listModels(model),
        events,
        firstMs: timings.watchFirstMs,
        intervalMs: timings.watchIntervalMs,
      }),
    finish: () => prover[Symbol.asyncDispose](),
  }
}

/** The author, and the reviewer if it is another model: also with `REVIEW=off` the reviewer takes second looks. */
function listModels({ name, reviewName }: NonNullable<Config['model']>): NamedModel[] {
  const author: NamedModel = { name, variable: 'OPENAI_MODEL' }
  if (reviewName === name) return [author]
  return [author, { name: reviewName, variable: 'OPENAI_REVIEW_MODEL' }]
}
