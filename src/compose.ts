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
import { describeError, type Log } from './log.ts'
import { logFailures } from './operation/failure-log.ts'
import { createMetrics } from './operation/metrics.ts'
import { subscribeQuota } from './quota/subscribe.ts'
import { openStore } from './store/open.ts'

type Overrides = { now?: () => number; clerkApiUrl?: string }

/**
 * The only wiring: from configuration to a running set of parts. To end them, `stopBackground`, stop the server, and then
 * `close`.
 */
export async function compose(config: Config, log: Log, { now = Date.now, clerkApiUrl }: Overrides = {}) {
  const store = await openStore(config.database, createQuotaPolicy(config.quota))
  const events = createEventBus()
  logFailures(events, log)
  subscribeQuota(events, store, now)

  const { keysOf, signToken } = sessionCredentials(config, clerkApiUrl)
  const userOf = createSessionVerifier({ keysOf, origins: config.allowedOrigins })
  const receiveWebhook = createWebhookReceiver({ secrets: webhookCredentials(config), events })

  const model = createModel(config, events)
  const budgetMs = config.generationTimeoutMs
  const write = model && createWriter({ store, generate: model.generate, events, budgetMs })
  const challenges = createChallengeService({ store, write, bank: createBank(), events, now })
  const onError = (error: unknown) => log.error(describeError(error), 'the pool could not be filled')
  const size = config.poolSize
  const pool = write && size > 0 ? createPool({ store, write, events, now, size, onError }) : undefined

  const { allowedOrigins, idleTimeoutSeconds, docs, production } = config
  const app = createApp({
    store,
    events,
    userOf,
    challenges,
    receiveWebhook,
    metrics: createMetrics({ events, store }),
    log,
    now,
    allowedOrigins,
    idleTimeoutSeconds,
    docs,
    playground: production ? undefined : { signToken },
  })
  return {
    app,
    /** What stands in for a part that is not configured, in words. */
    embedded: [
      signToken && 'sessions: `bun run token` prints a token, since no Clerk key is configured',
      config.webhookSecrets.length === 0 &&
        'webhooks: `bun run webhook` signs them, since no Clerk secret is configured',
      !write && 'bank: challenges are the embedded ones, since no model is configured',
    ].filter((part) => typeof part === 'string'),
    /** Stops the work in the background. Requests are still answered. */
    async stopBackground() {
      model?.watch.stop()
      await pool?.[Symbol.asyncDispose]()
    },
    close: () => store.close(),
  }
}

/** Generation by the model that is configured, and a watch over it; neither, if there is none. */
function createModel({ model, review }: Config, events: EventBus) {
  if (!model) return undefined
  const openai = connectModelServer(model)
  const breaker = createBreaker(() => performance.now())
  return {
    generate: assembleGenerate({ openai, model, review, breaker, events }),
    watch: watchModel({ openai, name: model.name, events }),
  }
}
