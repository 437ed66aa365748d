import { Elysia } from 'elysia'
import { challengeRoutes } from './challenges/routes.ts'
import type { ChallengeService } from './challenges/service.ts'
import { webhookRoutes } from './clerk/routes.ts'
import type { SessionVerifier } from './clerk/sessions.ts'
import type { WebhookReceiver } from './clerk/webhook.ts'
import { toDocument } from './documentation/document.ts'
import { documentationRoutes } from './documentation/routes.ts'
import { allowOrigins } from './http/cors.ts'
import { healthRoutes } from './http/health.ts'
import { type Metrics, metricsRoutes } from './http/metrics.ts'
import { problems } from './http/problems.ts'
import { requestLog } from './http/request-log.ts'
import type { Log } from './log.ts'
import { type PlaygroundParts, playgroundRoutes } from './playground/routes.ts'
import { quotaRoutes } from './quota/routes.ts'
import type { Store } from './store/store.ts'

type Parts = {
  store: Store
  userOf: SessionVerifier
  challenges: ChallengeService
  receiveWebhook: WebhookReceiver
  metrics: Metrics
  /** What an operator should know, in sentences. */
  notices: () => string[]
  log: Log
  now: () => number
  allowedOrigins: string[]
  generationTimeoutMs: number
  /** Not there in production. */
  playground: Omit<PlaygroundParts, 'documented'> | undefined
  /** Whether the documentation is served. */
  docs: boolean
}

/** The type of the whole API, for Eden (https://elysiajs.com/eden/overview). */
export type App = ReturnType<typeof createApp>

/** The application: what every route shares first, then the routes. It opens nothing and listens nowhere. */
export function createApp(parts: Parts) {
  const routes: Route[] = []
  // The host may be as short as one letter: Elysia looks for the path behind it.
  const app = new Elysia({ handler: { standardHostname: false } })
    .headers({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' })
    .use(requestLog(parts))
    .use(problems({ log: parts.log, methodsOf: (path) => methodsOf(routes, path) }))
    .use(allowOrigins(parts.allowedOrigins))
    .use(challengeRoutes(parts))
    .use(quotaRoutes(parts))
    .use(webhookRoutes(parts))
    .use(healthRoutes(parts))
    .use(metricsRoutes(parts))
  if (parts.docs) app.use(documentationRoutes(toDocument(app)))
  if (parts.playground) app.use(playgroundRoutes({ ...parts.playground, documented: parts.docs }))
  routes.push(...app.routes)
  return app
}

type Route = { path: string; method: string }

/** The methods of a path, for `Allow`; a route answers with and without a slash at its end. */
function methodsOf(routes: Route[], path: string): string[] {
  const wanted = path.replace(/(?<=[^/])\/$/, '')
  const methods = routes
    .filter((route) => route.path === wanted && route.method !== 'OPTIONS')
    .map(({ method }) => method)
  return methods.includes('GET') ? [...methods, 'HEAD'] : methods
}
