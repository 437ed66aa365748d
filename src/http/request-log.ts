import { Elysia } from 'elysia'
import type { SessionRefusal } from '../failure.ts'
import type { Log } from '../log.ts'
import { Problem } from '../problem.ts'
import { readPath } from './targets.ts'

/** A request id that is safe to repeat in a header and a log. */
const wellFormed = /^[\w.:-]{1,128}$/

type Parts = {
  log: Log
  metrics: {
    observeRequest: (route: string, status: number, seconds: number) => void
    countRefusedSession: (refusal: SessionRefusal) => void
  }
}

/** Gives every request an id (its own if it is well formed), and logs and measures it when its answer is known. */
export function requestLog({ log, metrics }: Parts) {
  return new Elysia({ name: 'request-log' })
    .decorate('started', 0)
    .onRequest((context) => {
      const { request, set } = context
      const given = request.headers.get('x-request-id')
      set.headers['x-request-id'] = given && wellFormed.test(given) ? given : Bun.randomUUIDv7()
      context.started = performance.now()
      // A preflight is answered before any later hook is called.
      if (request.method === 'OPTIONS') log.info(toLine({ request, set }, 204, 0), 'request')
    })
    .mapResponse({ as: 'global' }, (context) => {
      const { request, set, started } = context
      const { response, userId, route, error } = context as Ended
      const status = toLoggedStatus(
        request,
        response instanceof Response ? response.status : Number(set.status ?? 200),
      )
      const elapsed = performance.now() - started
      metrics.observeRequest(route || 'none', status, elapsed / 1000)
      const refused = findRefusal(error)
      if (refused) metrics.countRefusedSession(refused)
      log.info(toLine({ request, set, userId, route, refused }, status, elapsed), 'request')
      // Return the response unchanged: without a route, Elysia answers with this return value.
      return response as Response
    })
}

/** The status for log and metrics: 499, as in nginx, for a request that failed because its client disconnected. */
function toLoggedStatus(request: Request, status: number): number {
  // Read the signal of failures only: reading it for every request costs a fifth of the throughput.
  return status >= 400 && status < 500 && request.signal.aborted ? 499 : status
}

/** The members that Elysia adds to the context of a request. */
type Ended = { response?: unknown; userId?: string; route?: string; error?: unknown }

/** Why the session of a request was refused. */
function findRefusal(error: unknown): SessionRefusal | undefined {
  const isRefusal = error instanceof Problem && error.code === 'unauthenticated'
  return isRefusal ? (error.cause as SessionRefusal) : undefined
}

type Answered = {
  request: Request
  set: { headers: Record<string, unknown> }
  userId?: string | undefined
  route?: string | undefined
  refused?: SessionRefusal | undefined
}

function toLine({ request, set, userId, route, refused }: Answered, status: number, milliseconds: number) {
  // The path of a known route contains no secret; any other path may.
  const path = route || redactPath(readPath(request))
  const ms = Math.round(milliseconds * 10) / 10
  return { method: request.method, path, status, ms, requestId: set.headers['x-request-id'], userId, refused }
}

/**
 * Removes e-mail addresses, words as long as a token, and characters that a terminal may obey, from a path. No route has
 * any of these. Bun encodes such characters only where the Host header is valid.
 */
function redactPath(path: string): string {
  return path.slice(0, 256).replace(/[^/]*(?:@|%40)[^/]*|[^/]{40,}|[^!-~]+/gi, '…')
}
