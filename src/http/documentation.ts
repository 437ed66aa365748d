import { openapi } from '@elysiajs/openapi'
import { ProblemModel } from './problems.ts'

const words = {
  400: 'The request is not valid: `invalid_request`.',
  401: 'No valid session, `unauthenticated`; or no valid webhook signature, `invalid_signature`.',
  408: 'The body did not arrive in time: `timeout`.',
  413: 'The body is too large: `too_large`.',
  415: 'The body is not `application/json`: `unsupported_media_type`.',
  422: 'The idempotency key was used for another request: `idempotency_mismatch`.',
  429: 'No credits left, `quota_exhausted`; or all of them in use, `quota_in_flight`. `Retry-After` says when to try again.',
  500: 'Our fault: `internal`.',
  503: 'Something we depend on is out of reach: `unavailable`. `Retry-After` says when to try again.',
}

type ProblemStatus = keyof typeof words

/** The error answers of a route, for its `response`. */
export function problemResponses<const S extends ProblemStatus[]>(...statuses: S) {
  return Object.fromEntries(
    statuses.map((status) => [status, { ...ProblemModel, description: words[status] }]),
  ) as { [status in S[number]]: typeof ProblemModel }
}

/** For the `detail` of a route that needs a session. */
export const signedIn = { security: [{ session: [] }] }

/** `GET /openapi/json`: the API as OpenAPI 3.1, made from the routes' schemas. */
export function documentation() {
  return openapi({
    path: '/openapi',
    documentation: {
      info: {
        title: 'AI coding challenges',
        version: '1.0.0',
        description: 'Multiple-choice coding challenges for signed-in users, within a daily quota.',
      },
      components: {
        securitySchemes: {
          session: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'JWT',
            description: 'A Clerk session token. In development, `bun run token` prints one.',
          },
        },
      },
    },
  })
}
