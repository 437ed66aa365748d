import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { createApp } from './app.ts'
import { createAuthor } from './authoring/author.ts'
import { createBankPick } from './authoring/bank.ts'
import { createBreaker } from './authoring/breaker.ts'
import { createGenerate } from './authoring/generate.ts'
import { createModelClient, type Usage } from './authoring/model-client.ts'
import { connectModelServer } from './authoring/model-server.ts'
import { type ModelNotice, watchModel } from './authoring/model-watch.ts'
import { createReviewer } from './authoring/review.ts'
import { createPool } from './challenges/pool.ts'
import { createChallengeService } from './challenges/service.ts'
import { loadDevelopmentIdentity, signDevelopmentToken } from './clerk/identity.ts'
import { createKeySet } from './clerk/key-set.ts'
import { createSessionVerifier } from './clerk/sessions.ts'
import { createWebhookReceiver } from './clerk/webhook.ts'
import type { Config } from './config.ts'
import { createEventBus, type EventBus } from './events.ts'
import { parseJson } from './http/body.ts'
import { createMetrics } from './http/metrics.ts'
import { describeError, type Log } from './log.ts'
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

  const { keys, webhookSecrets, signToken, embedded } = clerkParts(config)
  const { secretKey } = config.sessions
  const remote = keys.length === 0 && secretKey ? createKeySet({ secretKey, apiUrl: clerkApiUrl }) : undefined
  const userOf = createSessionVerifier({ keysOf: remote ?? (() => keys), origins: config.allowedOrigins })
  const receiveWebhook = createWebhookReceiver({ secrets: webhookSecrets, events, parse: parseJson })

  const model = createModel(config, events)
  const generate = model?.generate
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
    notices: () => [model?.watch.notice()].filter((notice) => notice !== undefined),
    log,
    now,
    allowedOrigins: config.allowedOrigins,
    generationTimeoutMs: config.generationTimeoutMs,
    docs: config.docs,
    playground: config.production ? undefined : { signToken },
  })
  const bank = 'bank: challenges are the embedded ones, since no model is configured'
  return {
    app,
    /** What stands in for a part that is not configured, in words. */
    embedded: generate ? embedded : [...embedded, bank],
    /** Stops the work in the background. Requests are still answered. */
    async stopBackground() {
      model?.watch.stop()
      await pool?.stop()
    },
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
  if (!needsKey && !needsSecret) {
    return { keys: sessions.keys, webhookSecrets, signToken: undefined, embedded: [] as string[] }
  }
  const identity = loadDevelopmentIdentity(identityFolder(config))
  const [origin = ''] = config.allowedOrigins
  const signToken = (userId: string) => signDevelopmentToken(identity, userId, origin)
  return {
    signToken: needsKey ? signToken : undefined,
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

/** Author, reviewer and watch over one model; none of them, if no model is configured. */
function createModel({ model, review, generationTimeoutMs }: Config, events: EventBus) {
  if (!model) return undefined
  const openai = connectModelServer(model)
  const onUsage = (usage: Usage) => void events.emit('model.answered', usage)
  const ask = createModelClient({ ...model, openai, onUsage })
  const generate = createGenerate({
    write: createAuthor(ask),
    agrees: review ? createReviewer(ask) : undefined,
    breaker: createBreaker(() => performance.now()),
    budgetMs: generationTimeoutMs,
    events,
  })
  const onNotice = (notice: ModelNotice) => void events.emit('model.noticed', { notice })
  return { generate, watch: watchModel({ openai, name: model.name, onNotice }) }
}

function logFailures(events: EventBus, log: Log) {
  events.on('model.failed', ({ data }) => log.warn(data, 'the model failed'))
  events.on('challenge.rejected', ({ data }) => log.info(data, 'a challenge was rejected'))
  events.on('model.noticed', ({ data }) => {
    if (data.notice) log.warn(data.notice)
  })
  events.on('generation.finished', ({ data }) => {
    if (data.outcome !== 'accepted') log.warn(data, 'a generation failed')
  })
}
