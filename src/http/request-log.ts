import { Elysia } from 'elysia'
import type { Log } from './log.ts'
import { pathOf } from './problems.ts'

/** A request id that is safe to repeat in a header and a log. */
const wellFormed = /^[\w.:-]{1,128}$/

/** Gives every request an id (its own, if that is well formed), and logs one line for it when it is answered. */
export function requestLog({ log }: { log: Log }) {
  const started = new WeakMap<Request, number>()
  return new Elysia({ name: 'request-log' })
    .onRequest(({ request, set }) => {
      const given = request.headers.get('x-request-id')
      set.headers['x-request-id'] = given && wellFormed.test(given) ? given : crypto.randomUUID()
      started.set(request, performance.now())
      // A preflight is answered before any later hook is called.
      if (request.method === 'OPTIONS')
        log.info(lineOf(request, 204, set.headers['x-request-id'], 0), 'request')
    })
    .onAfterResponse({ as: 'global' }, (context) => {
      const { request, set } = context
      const { response, userId } = context as { response?: unknown; userId?: string }
      const status = response instanceof Response ? response.status : set.status
      const elapsed = performance.now() - (started.get(request) ?? performance.now())
      log.info({ ...lineOf(request, status, set.headers['x-request-id'], elapsed), userId }, 'request')
    })
}

function lineOf(request: Request, status: unknown, requestId: unknown, milliseconds: number) {
  const ms = Math.round(milliseconds * 10) / 10
  return { method: request.method, path: pathOf(request).slice(0, 256), status, ms, requestId }
}
