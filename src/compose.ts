import { setTimeout as delay } from 'node:timers/promises'
import { createApp } from './app.ts'
import { assembleGenerate } from './authoring/assemble.ts'
import { createBank } from './authoring/bank.ts'
import { createBreaker } from './authoring/breaker.ts'
import { connectModelServer } from './authoring/model-server.ts'
import { watchModel } from './authoring/model-watch.ts'
import { createPool } from './challenges/pool.ts'
import { createChallengeService } from './challenges/service.ts'
import { createWriter } from './challenges/writer.ts'
import { sessionCredentials, webhookCredentials } from './clerk/credentials.ts'
import { createSessionVerifier } from './clerk/sessions.ts'
import { createWebhookReceiver } from './clerk/webhook.ts'
import type { Config } from './config.ts'
import { createQuotaPolicy } from './credits.ts'
import { createEventBus, type EventBus } from './events.ts'
import { stopServer } from './http/stop-server.ts'
import { describeError, type Log } from './log.ts'
import { logFailures } from './operation/failure-log.ts'
import { createMetrics } from './operation/metrics.ts'
import { subscribeQuota } from './quota/subscribe.ts'
import { openStore } from './store/open.ts'
import type { Store } from './store/store.ts'
import { defaultTimings, type Timings } from './timings.ts'

type Overrides = {
  /** The clock of quotas and challenges, in epoch milliseconds. */
  now?: () => number
  timings?: Partial<Timings>
  clerkApiUrl?: string
}

/**
 * The only wiring: from configuration to the parts of a running server. Disposing of the result stops the server and
 * closes all that was opened, in reverse order. If something cannot be opened, the parts before it are closed.
 */
export async function compose(config: Config, log: Log, overrides: Overrides = {}) {
  const { now = Date.now, clerkApiUrl } = overrides
  const timings = { ...defaultTimings, ...overrides.timings }
  await using opened = new AsyncDisposableStack()
  const store = await openStore(config.database, createQuotaPolicy(config.quota))
  opened.defer(() => closeStore(store, log, timings))
  const events = createEventBus()
  logFailures(events, log)
  subscribeQuota(events, store, now)

  const { keysOf, signToken } = sessionCredentials(config, clerkApiUrl)
  const { challenges, startBackground } = createAuthoring({ config, store, events, log, now })
  const { allowedOrigins, idleTimeoutSeconds, docs, production } = config
  const app = createApp({
    store,
    events,
    userOf: createSessionVerifier({ keysOf, origins: allowedOrigins }),
    challenges,
    receiveWebhook: createWebhookReceiver({ secrets: webhookCredentials(config), events }),
    metrics: createMetrics({ events, store }),
    log,
    now,
    allowedOrigins,
    idleTimeoutSeconds,
    docs,
    playground: production ? undefined : { signToken },
  })

  const background = startBackground()
  // In reverse: the background work is cancelled, the server drains, and no work uses the store when it closes.
  opened.defer(() => background.finish())
  opened.defer(() => stopServer(app.server, timings))
  opened.defer(() => background.cancel())
  const running = opened.move()
  const fallbacks = listFallbacks(config, signToken !== undefined)
  return { app, fallbacks, [Symbol.asyncDispose]: () => running.disposeAsync() }
}

type Authoring = { config: Config; store: Store; events: EventBus; log: Log; now: () => number }

/** The challenge service, and the background work of a configured model: the watch and the pool's filler. */
function createAuthoring({ config, store, events, log, now }: Authoring) {
  const model = createModel(config, events)
  const budgetMs = config.generationTimeoutMs
  const write = model && createWriter({ store, generate: model.generate, events, budgetMs })
  const challenges = createChallengeService({ store, write, bank: createBank(), events, now })

  function startBackground() {
    const onError = (error: unknown) => log.error(describeError(error), 'the pool could not be filled')
    const size = config.poolSize
    const pool = write && size > 0 ? createPool({ store, write, events, now, size, onError }) : undefined
    const watch = model?.startWatch()
    return {
      cancel() {
        watch?.stop()
        pool?.cancel()
      },
      /** Resolves when the filler no longer runs. */
      finish: async () => pool?.[Symbol.asyncDispose](),
    }
  }

  return { challenges, startBackground }
}

/** Generation by the configured model, and a watch over that model; `undefined` without a model. */
function createModel({ model, review }: Config, events: EventBus) {
  if (!model) return undefined
  const openai = connectModelServer(model)
  const breaker = createBreaker(() => performance.now())
  return {
    generate: assembleGenerate({ openai, model, review, breaker, events }),
    startWatch: () => watchModel({ openai, name: model.name, events }),
  }
}

/** Closes the store. A database that hangs must not keep the process. */
async function closeStore(store: Store, log: Log, { closeMs }: Timings) {
  try {
    await Promise.race([store.close(), delay(closeMs, undefined, { ref: false })])
  } catch (error) {
    log.error(describeError(error), 'the database did not close')
  }
}

/** What stands in for a part that is not configured, a sentence for each part. */
function listFallbacks(config: Config, hasOwnSessions: boolean): string[] {
  return [
    hasOwnSessions && 'sessions: `bun run token` prints a token, since no Clerk key is configured',
    config.webhookSecrets.length === 0 &&
      'webhooks: `bun run webhook` signs them, since no Clerk secret is configured',
    !config.model && 'bank: challenges are the embedded ones, since no model is configured',
  ].filter((part) => typeof part === 'string')
}
