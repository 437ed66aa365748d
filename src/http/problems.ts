import { Elysia, NotFoundError, ParseError, ValidationError } from 'elysia'
import { describeError, type Log } from '../log.ts'
import { Problem, problems } from '../problem.ts'
import { discardBody } from './body.ts'
import { findMethods, type Route } from './targets.ts'

type Parts = {
  log: Log
  /** Every route; the array may be filled later. */
  routes: Route[]
  /** Requests whose raw target differs from the route's path, such as `/x/../metrics`. */
  misspelled: WeakSet<Request>
  /** The time that a client has to send a body, in milliseconds. */
  bodyMs: number
}

/** The only place where errors become answers. It covers the plugins that are mounted after it. */
export function answerErrors({ log, routes, misspelled, bodyMs }: Parts) {
  const plugin = new Elysia({ name: 'problems' })
  plugin.onRequest(({ request }) => {
    if (misspelled.has(request)) throw problems.ambiguousPath()
    // Without a Host header `request.url` is a bare path, which Elysia's path extraction misreads.
    // A preflight is answered whatever its path is.
    const isBarePath = request.url.startsWith('/') && request.method !== 'OPTIONS'
    if (isBarePath && findMethods(routes, request).length === 0) throw problems.notFound()
  })
  return plugin.onError({ as: 'global' }, async ({ error, request, set }) => {
    await discardBody(request, bodyMs)
    const problem = toProblem(error, () => findMethods(routes, request))
    if (isFault(problem)) {
      const requestId = set.headers['x-request-id']
      log.error({ requestId, code: problem.code, ...describeError(problem.cause) }, problem.detail)
    }
    return answerProblem(problem, set)
  })
}

/** Whether the operator must look at a problem. A 503 without a cause, such as an exhausted bank, is an expected answer. */
function isFault({ status, code, cause }: Problem): boolean {
  return status >= 500 && (code === 'internal' || cause !== undefined)
}

/** Sets the status and the headers of a problem, and returns its body. */
function answerProblem(
  problem: Problem,
  set: { status?: number | string; headers: Record<string, string | number> },
) {
  set.status = problem.status
  Object.assign(set.headers, { 'content-type': 'application/problem+json', ...problem.headers })
  return problem.toJSON()
}

function toProblem(error: unknown, findAllowed: () => string[]): Problem {
  if (error instanceof Problem) return error
  // Elysia wraps every error of a parser in a ParseError.
  if (error instanceof ParseError) {
    return error.cause instanceof Problem ? error.cause : problems.unreadableBody()
  }
  if (error instanceof ValidationError && error.type !== 'response') return toInvalidValue(error)
  if (error instanceof NotFoundError) {
    const allowed = findAllowed()
    return allowed.length === 0 ? problems.notFound() : problems.methodNotAllowed(allowed)
  }
  return findProblem(error) ?? problems.internal(error)
}

function toInvalidValue({ type, valueError }: ValidationError): Problem {
  const { path = '', schema } = valueError ?? {}
  return problems.invalidValue(path === '' ? `The ${type}` : path.slice(1), schema?.description)
}

/** The first problem among the errors of several failed subscribers. */
function findProblem(error: unknown): Problem | undefined {
  return error instanceof AggregateError ? error.errors.find((one) => one instanceof Problem) : undefined
}
