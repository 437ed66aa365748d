import { Elysia } from 'elysia'
import { answerRoutes } from './answers/routes.ts'
import type { AnswerService } from './answers/service.ts'
import { challengeRoutes } from './challenges/routes.ts'
import type { ChallengeService } from './challenges/service.ts'
import type { Reveal } from './challenges/wire.ts'
import { webhookRoutes } from './clerk/routes.ts'
import type { WebhookReceiver } from './clerk/webhook.ts'
import { documentationRoutes } from './documentation/routes.ts'
import type { EventBus } from './events.ts'
import type { Authenticate } from './http/auth.ts'
import { allowOrigins } from './http/cors.ts'
import { answerErrors } from './http/problems.ts'
import { requestLog } from './http/request-log.ts'
import { catchMisspelled, type Route } from './http/targets.ts'
import type { Log } from './log.ts'
import { healthRoutes } from './operations/health.ts'
import type { Metrics } from './operations/metrics.ts'
import { metricsRoutes } from './operations/metrics-routes.ts'
import { type PlaygroundParts, playgroundRoutes } from './playground/routes.ts'
import { quotaRoutes } from './quota/routes.ts'
import type { RateLimit } from './rate-limit-headers.ts'
import type { Store } from './store/store.ts'
import { topicRoutes } from './topics/routes.ts'
import type { Topic } from './topics.ts'

type Parts = {
  store: Store
  events: EventBus
  authenticate: Authenticate
  challenges: ChallengeService
  /** The topics that users may ask for. */
  topics: readonly Topic[]
  answers: AnswerService
  receiveWebhook: WebhookReceiver
  metrics: Metrics
  log: Log
  now: () => number
  rateLimit: RateLimit
  /** When clients get the key of a challenge. */
  reveal: Reveal
  allowedOrigins: string[]
  /** How long an idle connection is kept, in seconds; Bun allows 1 to 255. */
  idleTimeoutSeconds: number
  /** The time that a client has to send a body, in milliseconds. */
  bodyMs: number
  /** `undefined` in production. */
  playground: Pick<PlaygroundParts, 'signToken' | 'tokenVariables'> | undefined
  /** Whether the documentation is served. */
  docs: boolean
}

/** The type of the whole API, for Eden (https://elysiajs.com/eden/overview). */
export type App = ReturnType<typeof createApp>

/** The options of `Bun.serve`, except the address. */
const serving = {
  /** With `true`, a second server would silently share the port. */
  reusePort: false,
  /** Bun's own error pages show the source. */
  development: false,
  /** The body parsers enforce the limits: Bun's own 413 has no problem details. */
  maxRequestBodySize: Number.MAX_SAFE_INTEGER,
}

/** Mounts the plugins that all routes share, then the routes. It opens nothing and does not listen. */
export function createApp(parts: Parts) {
  const routes: Route[] = []
  const misspelled = new WeakSet<Request>()
  const serve = { ...serving, idleTimeout: parts.idleTimeoutSeconds, routes: {} }
  // By default Elysia assumes a host of several letters when it looks for the path; a host may have one.
  const app = new Elysia({ serve, handler: { standardHostname: false } })
    .headers({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' })
    .use(requestLog(parts))
    // Before the errors: a request that they refuse at once gets these headers too.
    .use(allowOrigins(parts.allowedOrigins))
    .use(answerErrors({ log: parts.log, routes, misspelled, bodyMs: parts.bodyMs }))
    .use(challengeRoutes(parts))
    .use(answerRoutes(parts))
    .use(topicRoutes(parts))
    .use(quotaRoutes(parts))
    .use(webhookRoutes(parts))
    .use(healthRoutes(parts))
    .use(metricsRoutes(parts))
  if (parts.docs) app.use(documentationRoutes(app))
  if (parts.playground) app.use(playgroundRoutes({ ...parts, ...parts.playground }))
  routes.push(...app.routes)
  const fetch = (request: Request) => app.fetch(request)
  Object.assign(serve.routes, catchMisspelled({ routes, fetch, misspelled }))
  return app
}
