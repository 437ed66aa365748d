import { Elysia } from 'elysia'
import { type Authenticate, auth, sessionCodes, signedIn } from '../http/auth.ts'
import { bodyCodes, bodyParsers } from '../http/body.ts'
import { ChallengeParamsSchema, parseChallengeId } from '../http/challenge-id.ts'
import { holdConnection } from '../http/hold-connection.ts'
import { problemResponses } from '../http/problem-schemas.ts'
import { limits } from '../limits.ts'
import type { Topic } from '../topics.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import {
  ChallengeSchema,
  createGenerateBodySchema,
  GenerateHeadersSchema,
  HistoryItemSchema,
  HistoryQuerySchema,
  HistorySchema,
} from './schemas.ts'
import type { ChallengeService } from './service.ts'
import { createWire, type Reveal } from './wire.ts'

type Parts = {
  authenticate: Authenticate
  challenges: ChallengeService
  /** The topics that users may ask for. */
  topics: readonly Topic[]
  reveal: Reveal
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
    'Gives the user a challenge and charges one credit, or does neither. `topic` is one of `GET /api/topics`; without ' +
    'it, the challenge is about any of those. When the model fails, the challenge is one that other users had, or else ' +
    'a free one of the embedded bank (`"charged": false`). A repeated request with the same `Idempotency-Key` gets ' +
    'the same challenge and costs nothing.',
}

const generateResponses = {
  200: ChallengeSchema,
  ...problemResponses(
    ...sessionCodes,
    ...bodyCodes,
    'idempotency_mismatch',
    'quota_exhausted',
    'quota_in_flight',
  ),
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

const getDetail = {
  ...signedIn,
  operationId: 'getChallenge',
  tags: ['Challenges'],
  summary: 'Get a challenge of the user',
  description: 'The challenge as the history lists it.',
}

/** `POST /api/generate-challenge`, `GET /api/challenges/{id}` and `GET /api/my-history`, for signed-in users. */
export function challengeRoutes(parts: Parts) {
  const { authenticate, challenges, idleTimeoutSeconds: idleSeconds } = parts
  const { toChallenge, toHistoryItem } = createWire(parts.reveal)
  return new Elysia({ prefix: '/api' })
    .use(bodyParsers(parts.bodyMs))
    .use(auth(authenticate))
    .post(
      '/generate-challenge',
      async ({ body, headers, request, server, set, userId }) => {
        const generation = {
          userId,
          difficulty: body.difficulty,
          topic: body.topic,
          idempotencyKey: headers['idempotency-key'],
          signal: request.signal,
        }
        const given = await holdConnection({ server, request, idleSeconds }, () =>
          challenges.generate(generation),
        )
        Object.assign(set.headers, given.headers)
        return toChallenge(given.challenge)
      },
      {
        parse: 'jsonBody',
        body: createGenerateBodySchema(parts.topics),
        headers: GenerateHeadersSchema,
        response: generateResponses,
        detail: generateDetail,
      },
    )
    .get(
      '/challenges/:id',
      async ({ params, userId }) => toHistoryItem(await challenges.find(userId, parseChallengeId(params.id))),
      {
        params: ChallengeParamsSchema,
        response: { 200: HistoryItemSchema, ...problemResponses(...sessionCodes, 'not_found') },
        detail: getDetail,
      },
    )
    .get(
      '/my-history',
      async ({ query, userId }) => {
        const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor)
        const { difficulty, topic, answer, limit = limits.pageSize.default } = query
        const request = { userId, difficulty, topic, answer, after, limit: Number(limit) }
        const { page, next } = await challenges.history(request)
        return {
          challenges: page.map(toHistoryItem),
          next_cursor: next ? encodeCursor(next) : null,
        }
      },
      {
        query: HistoryQuerySchema,
        response: { 200: HistorySchema, ...problemResponses(...sessionCodes) },
        detail: listDetail,
      },
    )
}
