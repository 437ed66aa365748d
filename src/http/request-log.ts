import { Elysia } from 'elysia'
import type { Log } from '../log.ts'
import { pathOf } from './targets.ts'

/** A request id that is safe to repeat in a header and a log. */
const wellFormed = /^[\w.:-]{1,128}$/

type Parts = {
  log: Log
  metrics: { observeRequest: (route: string, status: number, seconds: number) => void }
}

/** Gives every request an id (its own, if that is well formed), and logs and measures it when its answer is known. */
export function requestLog({ log, metrics }: Parts) {
  return new Elysia({ name: 'request-log' })
    .decorate('started', 0)
    .onRequest((context) => {
      const { request, set } = context
      const given = request.headers.get('x-request-id')
      set.headers['x-request-id'] = given && wellFormed.test(given) ? given : Bun.randomUUIDv7()
      context.started = performance.now()
      // A preflight is answered before any later hook is called.
      if (request.method === 'OPTIONS') log.info(lineOf({ request, set }, 204, 0), 'request')
    })
    .mapResponse({ as: 'global' }, (context) => {
      const { request, set, started } = context
      const { response, userId, route } = context as { response?: unknown; userId?: string; route?: string }
      const status = statusOf(
        request,
        response instanceof Response ? response.status : Number(set.status ?? 200),
      )
      const elapsed = performance.now() - started
      metrics.observeRequest(route || 'none', status, elapsed / 1000)
      log.info(lineOf({ request, set, userId, route }, status, elapsed), 'request')
      // As it is: where there is no route, Elysia takes what this returns for the answer.
      return response as Response
    })
}

/** The status for log and metrics: 499, as nginx has it, for a request that failed since its client hung up. */
function statusOf(request: Request, status: number): number {
  // Successes are not asked: a request's signal costs a fifth of the throughput.
  return status >= 400 && status < 500 && request.signal.aborted ? 499 : status
}

type Answered = {
  request: Request
  set: { headers: Record<string, unknown> }
  userId?: string | undefined
  route?: string | undefined
}

function lineOf({ request, set, userId, route }: Answered, status: number, milliseconds: number) {
  // A route of ours is its own path, but for a slash at the end, and gives nothing away.
  const path = route || shown(pathOf(request))
  const ms = Math.round(milliseconds * 10) / 10
  return { method: request.method, path, status, ms, requestId: set.headers['x-request-id'], userId }
}

/** A path as it may be logged: none of ours has an e-mail address in it, or a word as long as a token. */
function shown(path: string): string {
  return path.slice(0, 256).replace(/[^/]*(?:@|%40)[^/]*|[^/]{40,}/gi, '…')
}
