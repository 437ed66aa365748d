import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { createApp } from './app.ts'
import { createAuthor } from './authoring/author.ts'
import { createBankPick } from './authoring/bank.ts'
import { createBreaker } from './authoring/breaker.ts'
import { createGenerate } from './authoring/generate.ts'
import { createModelClient } from './authoring/model-client.ts'
import { createReviewer } from './authoring/review.ts'
import { createPool } from './challenges/pool.ts'
import { createChallengeService } from './challenges/service.ts'
import { loadDevelopmentIdentity } from './clerk/identity.ts'
import { createSessionVerifier } from './clerk/sessions.ts'
import { createWebhookReceiver } from './clerk/webhook.ts'
import type { Config } from './config.ts'
import { createEventBus, type EventBus } from './events.ts'
import { parseJson } from './http/body.ts'
import { describeError, type Log } from './http/log.ts'
import { createMetrics } from './http/metrics.ts'
import { createQuotaPolicy } from './quota/policy.ts'
import { subscribeQuota } from './quota/subscribe.ts'
import { createPostgresStore } from './store/postgres.ts'
import { createSqliteStore } from './store/sqlite.ts'
import { difficulties, type Store } from './store/store.ts'

type Overrides = { now?: () => number; clerkApiUrl?: string }

/** The only wiring: from configuration to a running set of parts, and the way to close them in reverse order. */
export async function compose(config: Config, log: Log, { now = Date.now, clerkApiUrl }: Overrides = {}) {
  const store = await openStore(config)
  const events = createEventBus()
  logFailures(events, log)
  subscribeQuota(events, store, now)

  const { keys, webhookSecrets, embedded } = clerkParts(config)
  const userOf = createSessionVerifier({
    keys,
    secretKey: config.sessions.secretKey,
    ...(clerkApiUrl && { apiUrl: clerkApiUrl }),
    origins: config.allowedOrigins,
  })
  const receiveWebhook = createWebhookReceiver({ secrets: webhookSecrets, events, parse: parseJson })

  const generate = createGenerator(config, events)
  const pickFromBank = createBankPick({ again: generate === undefined })
  const challenges = createChallengeService({ store, generate, pickFromBank, events, now })
  const onError = (error: unknown) => log.error(describeError(error), 'the pool could not be filled')
  const pool = generate && createPool({ store, generate, events, now, size: config.poolSize, onError })

  const app = createApp({
    store,
    userOf,
    challenges,
    receiveWebhook,
    metrics: createMetrics({ events, store, difficulties }),
    log,
    now,
    allowedOrigins: config.allowedOrigins,
    generationTimeoutMs: config.generationTimeoutMs,
  })
  if (!generate) embedded.push('bank: challenges are the embedded ones, since no model is configured')
  return {
    app,
    /** What stands in for a part that is not configured, in words. */
    embedded,
    /** Stops the work in the background. Requests are still answered. */
    stopBackground: async () => pool?.stop(),
    close: () => store.close(),
  }
}

const defaultPath = 'data/challenges.db'

/** The store that is configured, with its schema up to date. */
export async function openStore({ database, quota }: Config): Promise<Store> {
  const policy = createQuotaPolicy(quota)
  if (database.engine === 'postgres') return createPostgresStore({ ...database, policy })
  if (database.path === defaultPath) mkdirSync(dirname(defaultPath), { recursive: true })
  return createSqliteStore({ ...database, policy })
}

function clerkParts(config: Config) {
  const { sessions, webhookSecrets } = config
  const needsKey = sessions.keys.length === 0 && sessions.secretKey === undefined
  const needsSecret = webhookSecrets.length === 0
  if (!needsKey && !needsSecret) return { keys: sessions.keys, webhookSecrets, embedded: [] as string[] }
  const identity = loadDevelopmentIdentity(identityFolder(config))
  return {
    keys: needsKey ? [identity.publicKey] : sessions.keys,
    webhookSecrets: needsSecret ? [identity.webhookSecret] : webhookSecrets,
    embedded: [
      ...(needsKey ? ['sessions: `bun run token` prints a token, since no Clerk key is configured'] : []),
      ...(needsSecret ? ['webhooks: `bun run webhook` signs them, since no Clerk secret is configured'] : []),
    ],
  }
}

/** The development identity lies beside the database. */
export function identityFolder({ database }: Config): string {
  return database.engine === 'sqlite' ? dirname(database.path) : dirname(defaultPath)
}

function createGenerator({ model, review, generationTimeoutMs }: Config, events: EventBus) {
  if (!model) return undefined
  const ask = createModelClient({ ...model, onUsage: (usage) => void events.emit('model.answered', usage) })
  return createGenerate({
    write: createAuthor(ask),
    agrees: review ? createReviewer(ask) : undefined,
    breaker: createBreaker(() => performance.now()),
    budgetMs: generationTimeoutMs,
    events,
  })
}

function logFailures(events: EventBus, log: Log) {
  events.on('model.failed', ({ data }) => log.warn(data, 'the model failed'))
  events.on('challenge.rejected', ({ data }) => log.info(data, 'a challenge was rejected'))
  events.on('generation.finished', ({ data }) => {
    if (data.outcome !== 'accepted') log.warn(data, 'a generation failed')
  })
}
