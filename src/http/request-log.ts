import { Elysia } from 'elysia'
import type { Log } from '../log.ts'
import { pathOf } from './problems.ts'

/** A request id that is safe to repeat in a header and a log. */
const wellFormed = /^[\w.:-]{1,128}$/

type Parts = {
  log: Log
  metrics: { observeRequest: (route: string, status: number, seconds: number) => void }
}

/** Gives every request an id (its own, if that is well formed), and logs and measures it when it is answered. */
export function requestLog({ log, metrics }: Parts) {
  const started = new WeakMap<Request, number>()
  return new Elysia({ name: 'request-log' })
    .onRequest(({ request, set }) => {
      const given = request.headers.get('x-request-id')
      set.headers['x-request-id'] = given && wellFormed.test(given) ? given : Bun.randomUUIDv7()
      started.set(request, performance.now())
      // A preflight is answered before any later hook is called.
      if (request.method === 'OPTIONS')
        log.info(lineOf(request, 204, set.headers['x-request-id'], 0), 'request')
    })
    .onAfterResponse({ as: 'global' }, (context) => {
      const { request, set } = context
      const { response, userId, route } = context as { response?: unknown; userId?: string; route?: string }
      const status = response instanceof Response ? response.status : Number(set.status)
      const elapsed = performance.now() - (started.get(request) ?? performance.now())
      metrics.observeRequest(route || 'none', status, elapsed / 1000)
      log.info({ ...lineOf(request, status, set.headers['x-request-id'], elapsed), userId }, 'request')
    })
}

function lineOf(request: Request, status: number, requestId: unknown, milliseconds: number) {
  const ms = Math.round(milliseconds * 10) / 10
  return { method: request.method, path: shown(pathOf(request)), status, ms, requestId }
}

/** A path as it may be logged: none of ours has an e-mail address in it, or a word as long as a token. */
function shown(path: string): string {
  return path.slice(0, 256).replace(/[^/]*(?:@|%40)[^/]*|[^/]{40,}/gi, '…')
}
