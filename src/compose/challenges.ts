import { type BankEntry, bankTopics, createBank, readBank } from '../authoring/bank.ts'
import { createBreaker } from '../authoring/breaker.ts'
import type { NamedModel } from '../authoring/model/notices.ts'
import { watchModels } from '../authoring/model/watch.ts'
import type { Reviewer } from '../authoring/review.ts'
import { createSecondLook, longestLookMs, type SecondLook } from '../authoring/second-look.ts'
import { createPool } from '../challenges/pool.ts'
import { createChallengeService } from '../challenges/service.ts'
import { createSecondLooks } from '../challenges/suspects.ts'
import { createWriter, type Writer } from '../challenges/writer.ts'
import type { Config } from '../config.ts'
import type { EventBus } from '../events.ts'
import { describeError, type Log } from '../log.ts'
import { once } from '../once.ts'
import type { RateLimit } from '../rate-limit-headers.ts'
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
  const readBankOnce = once(readBank)
  const loadBank = once(async () => createBank(await readBankOnce(), config.topics))
  const model = prepareModel(parts, readBankOnce)
  const topics = model ? config.topics : config.topics.filter((topic) => bankTopics.includes(topic))
  const { librarySize } = config
  const write = model?.write
  const supply = { store, write, loadBank, librarySize, now }
  const challenges = createChallengeService({ ...supply, topics, events, rateLimit })

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

/**
 * Generation by the configured model, and a watch over that model; `undefined` without a model. The first call of the
 * model loads the code for it, so that the start does not wait.
 */
function prepareModel(
  { config, store, events, monotonic, timings }: Parts,
  readBank: () => Promise<BankEntry[]>,
) {
  const { model, review, topics, generationTimeoutMs: budgetMs } = config
  if (!model) return undefined
  const breaker = createBreaker(monotonic)
  const connect = once(async () => (await import('../authoring/model/client.ts')).connectModelServer(model))
  let loading: Promise<AsyncDisposable> | undefined
  const loadModel = async () => {
    const assembling = import('../authoring/assemble.ts')
    const [{ assembleAuthoring }, server, bank] = await Promise.all([assembling, connect(), readBank()])
    const pauseMs = timings.modelPauseMs
    const parts = { server, model, review, topics, bank, breaker, events, pauseMs }
    const authoring = assembleAuthoring(parts)
    return { ...authoring, write: createWriter({ ...authoring, store, events, budgetMs }) }
  }
  const load = once(() => {
    const model = loadModel()
    loading = model
    return model
  })

  const write: Writer = async (...request) => (await load()).write(...request)
  const reviewer: Reviewer = async (...question) => (await load()).reviewer(...question)
  const secondLook = createSecondLook({ review: reviewer, isResting: breaker.isResting, budgetMs })
  const startWatch = () =>
    watchModels({
      // A server that no learner uses does not load the rest.
      lookUpModel: async (...words) => {
        const { lookUpModel } = await import('../authoring/model/lookup.ts')
        return lookUpModel(await connect(), ...words)
      },
      models: listModels(model),
      events,
      firstMs: timings.watchFirstMs,
      intervalMs: timings.watchIntervalMs,
    })
  const finish = async () => (await loading?.catch(() => undefined))?.[Symbol.asyncDispose]()
  return { write, secondLook, startWatch, finish }
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

/** The author, and the reviewer if it is another model: also with `REVIEW=off` the reviewer takes second looks. */
function listModels({ name, reviewName }: NonNullable<Config['model']>): NamedModel[] {
  const author: NamedModel = { name, variable: 'OPENAI_MODEL' }
  if (reviewName === name) return [author]
  return [author, { name: reviewName, variable: 'OPENAI_REVIEW_MODEL' }]
}
