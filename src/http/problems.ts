import { Type as t } from '@sinclair/typebox'
import { Elysia, NotFoundError, ParseError, ValidationError } from 'elysia'
import { describeError, type Log } from '../log.ts'
import { Problem, problemCodes } from '../problem.ts'
import { oneOf } from './schema.ts'
import { methodsOf, type Route } from './targets.ts'

/** The body of every error (RFC 9457). */
const ProblemModel = t.Object(
  {
    type: t.String({ description: 'Where the code is explained.' }),
    title: t.String({ description: 'The kind of the problem, for a person.' }),
    status: t.Integer({ description: 'The HTTP status, again.' }),
    detail: t.String({ description: 'What was wrong and what to do, for a person.' }),
    code: oneOf(problemCodes, 'The kind of the problem, for a program. It never changes.'),
    next_reset_date: t.Optional(t.String({ format: 'date-time', description: 'With `quota_exhausted`.' })),
  },
  { description: 'Problem details, sent as application/problem+json.' },
)

type ProblemStatus = 400 | 401 | 408 | 413 | 415 | 422 | 429 | 500 | 503

/** The error answers of a route, for its `response`. The documentation adds what each of them means. */
export function problemResponses<const S extends ProblemStatus[]>(...statuses: S) {
  return Object.fromEntries(statuses.map((status) => [status, ProblemModel])) as {
    [status in S[number]]: typeof ProblemModel
  }
}

type Parts = {
  log: Log
  /** Which methods a path knows; it may be filled later. A path that knows none does not exist. */
  routes: Route[]
  /** Requests whose target is not written as the path of their route. */
  misspelled: WeakSet<Request>
}

/**
 * The one place where errors become answers. Mounted first, it covers all that is mounted after it.
 */
export function problems({ log, routes, misspelled }: Parts) {
  const plugin = new Elysia({ name: 'problems' })
  plugin.onRequest(({ request }) => {
    if (misspelled.has(request)) {
      throw new Problem('invalid_request', 'Send the path without backslashes and dot segments.')
    }
    // Without a Host header the URL is the path alone, in which Elysia would look for the path behind a host.
    // A preflight is answered whatever the path.
    const looksForIt = request.url.startsWith('/') && request.method !== 'OPTIONS'
    if (looksForIt && methodsOf(routes, request).length === 0) throw notFound([])
  })
  return plugin.onError({ as: 'global' }, ({ error, request, set }) => {
    const problem = problemOf(error, () => methodsOf(routes, request))
    if (problem.status >= 500) {
      const requestId = set.headers['x-request-id']
      log.error(
        { requestId, code: problem.code, ...(problem.cause !== undefined && describeError(problem.cause)) },
        problem.detail,
      )
    }
    set.status = problem.status
    Object.assign(set.headers, { 'content-type': 'application/problem+json', ...problem.headers })
    return problem.toJSON()
  })
}

function problemOf(error: unknown, methods: () => string[]): Problem {
  if (error instanceof Problem) return error
  // Whatever a parser throws arrives as a ParseError.
  if (error instanceof ParseError) {
    return error.cause instanceof Problem
      ? error.cause
      : new Problem('invalid_request', 'The body cannot be read.')
  }
  if (error instanceof ValidationError && error.type !== 'response') {
    return new Problem('invalid_request', sentenceOf(error))
  }
  if (error instanceof NotFoundError) return notFound(methods())
  const failed = firstProblem(error)
  return failed ?? new Problem('internal', 'Something went wrong on our side.', { cause: error })
}

/** What the schema's own description says the value must be. */
function sentenceOf({ type, valueError }: ValidationError): string {
  const { path = '', schema } = valueError ?? {}
  const expected = schema?.description
  const name = path === '' ? `The ${type}` : path.slice(1)
  return expected ? `${name} must be ${expected}.` : `${name} is not valid.`
}

/** What the first of several failed subscribers had to say, if it was meant for the client. */
function firstProblem(error: unknown): Problem | undefined {
  return error instanceof AggregateError ? error.errors.find((one) => one instanceof Problem) : undefined
}

function notFound(methods: string[]): Problem {
  if (methods.length === 0) return new Problem('not_found', 'There is nothing at this path.')
  const allow = methods.join(', ')
  return new Problem('method_not_allowed', `This path takes ${allow}.`, { headers: { allow } })
}
