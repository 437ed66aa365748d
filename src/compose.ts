import { setTimeout as delay } from 'node:timers/promises'
import { createAnswerService } from './answers/service.ts'
import { type App, createApp } from './app.ts'
import { sessionCredentials, webhookCredentials } from './clerk/credentials.ts'
import { createSessionVerifier } from './clerk/sessions.ts'
import { createWebhookReceiver } from './clerk/webhook.ts'
import { createChallenges } from './compose/challenges.ts'
import type { Config } from './config.ts'
import { createEventBus, type EventBus } from './events.ts'
import type { DamagedRow } from './failure.ts'
import { stopServer } from './http/stop-server.ts'
import { describeError, type Log } from './log.ts'
import { subscribeLogging } from './operations/logging.ts'
import { createMetrics } from './operations/metrics.ts'
import { subscribeQuota } from './quota/subscribe.ts'
import { createQuotaPolicy } from './quota.ts'
import { createRateLimit } from './rate-limit-headers.ts'
import { openStore } from './store/open.ts'
import type { Store } from './store/store.ts'
import { defaultTimings, type Timings } from './timings.ts'

export type Overrides = {
  /** The clock of quotas and challenges, in epoch milliseconds. */
  now?: () => number
  /** The clock of time-outs, which never goes back, in milliseconds. */
  monotonic?: () => number
  timings?: Partial<Timings>
  clerkApiUrl?: string
}

type Settings = Overrides & typeof clocks & { timings: Timings }
type SignToken = (userId: string) => Promise<string>

const clocks = { now: Date.now, monotonic: () => performance.now() }

/**
 * The only wiring: from configuration to the parts of a running server. Disposing of the result stops the server and
 * closes all that was opened, in reverse order. If something cannot be opened, the parts before it are closed.
 */
export async function compose(config: Config, log: Log, overrides: Overrides = {}) {
  const settings = { ...clocks, ...overrides, timings: { ...defaultTimings, ...overrides.timings } }
  const { now, timings } = settings
  await using opened = new AsyncDisposableStack()
  const events = createEventBus()
  const database = await openDatabase(config, settings, events, log)
  opened.defer(() => closeStore(database, log, timings))
  const metrics = opened.use(createMetrics({ events, store: database, engine: config.database.engine }))
  const { store } = metrics
  subscribeLogging(events, log)
  subscribeQuota(events, store, now)

  const { authenticate, signToken } = createSessions(config, settings)
  const rateLimit = createRateLimit(config.quota.daily)
  const shared = { ...settings, config, store, events, log, rateLimit }
  const { challenges, topics, startBackground } = createChallenges(shared)
  const answers = createAnswerService({ store, events, now })
  const receiveWebhook = createWebhookReceiver({ secrets: webhookCredentials(config), events })
  const serving = toServing(config, settings, signToken)
  const features = { authenticate, challenges, topics, answers, rateLimit, receiveWebhook, metrics }
  const app = createApp({ store, events, log, now, ...features, ...serving })

  const background = startBackground()
  // In reverse: the background work is cancelled, the server drains, and no work uses the store when it closes.
  opened.defer(() => background.finish())
  opened.defer(() => drain(app, log, timings))
  opened.defer(() => background.cancel())
  opened.defer(() => announceStop(app, events, config))
  const running = opened.move()
  const fallbacks = listFallbacks(config, signToken !== undefined)
  return { app, fallbacks, [Symbol.asyncDispose]: () => running.disposeAsync() }
}

/** The settings of the application, apart from its parts. */
function toServing(config: Config, { timings }: Settings, signToken: SignToken | undefined) {
  const { allowedOrigins, idleTimeoutSeconds, docs, production, reveal, tokenVariables } = config
  const playground = production ? undefined : { signToken, tokenVariables }
  return { allowedOrigins, idleTimeoutSeconds, bodyMs: timings.bodyMs, docs, playground, reveal }
}

/** The verification of sessions, and the signing of sessions where they are the development identity's. */
function createSessions(config: Config, { monotonic, timings, clerkApiUrl }: Settings) {
  const { resolveKeys, signToken } = sessionCredentials(config, {
    apiUrl: clerkApiUrl,
    now: monotonic,
    timeoutMs: timings.clerkTimeoutMs,
    cooldownMs: timings.clerkCooldownMs,
  })
  return { authenticate: createSessionVerifier({ resolveKeys, origins: config.allowedOrigins }), signToken }
}

/** Answers 503 on `/ready`, and takes requests until load balancers have noticed that. */
async function announceStop({ server }: App, events: EventBus, { stopDelaySeconds }: Config) {
  await events.emit('server.stopping')
  if (server) await delay(stopDelaySeconds * 1000)
}

async function drain({ server }: App, log: Log, timings: Timings) {
  const requests = await stopServer(server, timings)
  if (requests > 0) log.warn({ requests }, 'the stop cut off requests in flight')
}

/** Opens the database. Its faults are logged and counted. */
function openDatabase(config: Config, { timings }: Settings, events: EventBus, log: Log): Promise<Store> {
  const { lockMs, databaseStartMs: startMs } = timings
  const options = {
    ...config.database,
    ...{ lockMs, startMs, topics: config.topics },
    onRetry: (reason: string) => log.warn({ reason }, 'the database cannot be used yet; trying again'),
    onDamaged: (row: DamagedRow) => void events.emit('row.left_out', row),
  }
  return openStore(options, createQuotaPolicy(config.quota))
}

/** Closes the store. A database that hangs must not keep the process. */
async function closeStore(store: Store, log: Log, { closeMs }: Timings) {
  try {
    await Promise.race([store.close(), delay(closeMs, undefined, { ref: false })])
  } catch (error) {
    log.error(describeError(error), 'the database did not close')
  }
}

/** A sentence for each embedded part that replaces one that is not configured. */
function listFallbacks(config: Config, hasOwnSessions: boolean): string[] {
  return [
    hasOwnSessions && 'sessions: `bun run token` prints a token, since no Clerk key is configured',
    config.webhookSecrets.length === 0 &&
      'webhooks: `bun run webhook` signs them, since no Clerk secret is configured',
    !config.model && 'bank: challenges are the embedded ones, since no model is configured',
  ].filter((part) => typeof part === 'string')
}
