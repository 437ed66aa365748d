import { Elysia } from 'elysia'
import { type Authenticate, auth, signedIn } from '../http/auth.ts'
import { bodyParsers } from '../http/body.ts'
import { holdConnection } from '../http/hold-connection.ts'
import { problemResponses } from '../http/problems.ts'
import { limits } from '../limits.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import {
  ChallengeSchema,
  GenerateBodySchema,
  GenerateHeadersSchema,
  HistoryQuerySchema,
  HistorySchema,
  toChallenge,
  toHistoryItem,
} from './schemas.ts'
import type { ChallengeService } from './service.ts'

type Parts = {
  authenticate: Authenticate
  challenges: ChallengeService
  /** The idle time-out of the server, in seconds. */
  idleTimeoutSeconds: number
  /** The time that a client has to send a body, in milliseconds. */
  bodyMs: number
}

const generateDetail = {
  ...signedIn,
  operationId: 'generateChallenge',
  tags: ['Challenges'],
  summary: 'Generate a challenge',
  description:
    'Gives the user a challenge and charges one credit, or does neither. When the model fails, the challenge ' +
    'comes from the embedded bank (`"source": "bank"`) and is free. A repeated request with the same ' +
    '`Idempotency-Key` gets the same challenge and costs nothing.',
}

const listDetail = {
  ...signedIn,
  operationId: 'listChallenges',
  tags: ['Challenges'],
  summary: 'List the challenges of the user',
  description:
    `Newest first, ${limits.pageSize.default} at a time unless \`limit\` says otherwise. \`next_cursor\` leads to the next page; ` +
    'a challenge that is added between two pages neither repeats nor skips another.',
}

/** `POST /api/generate-challenge` and `GET /api/my-history`, for signed-in users. */
export function challengeRoutes({
  authenticate,
  challenges,
  idleTimeoutSeconds: idleSeconds,
  bodyMs,
}: Parts) {
  return new Elysia({ prefix: '/api' })
    .use(bodyParsers(bodyMs))
    .use(auth(authenticate))
    .post(
      '/generate-challenge',
      async ({ body, headers, request, server, userId }) => {
        const { signal } = request
        const generation = {
          userId,
          difficulty: body.difficulty,
          idempotencyKey: headers['idempotency-key'],
          signal,
        }
        const challenge = await holdConnection({ server, request, idleSeconds }, () =>
          challenges.generate(generation),
        )
        return toChallenge(challenge)
      },
      {
        parse: 'jsonBody',
        body: GenerateBodySchema,
        headers: GenerateHeadersSchema,
        response: { 200: ChallengeSchema, ...problemResponses(400, 401, 408, 413, 415, 422, 429, 500, 503) },
        detail: generateDetail,
      },
    )
    .get(
      '/my-history',
      async ({ query, userId }) => {
        const limit = Number(query.limit ?? limits.pageSize.default)
        const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor)
        const { page, next } = await challenges.history({
          userId,
          difficulty: query.difficulty,
          after,
          limit,
        })
        return {
          challenges: page.map(toHistoryItem),
          next_cursor: next ? encodeCursor(next) : null,
        }
      },
      {
        query: HistoryQuerySchema,
        response: { 200: HistorySchema, ...problemResponses(400, 401, 500, 503) },
        detail: listDetail,
      },
    )
}
