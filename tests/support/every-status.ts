import { afterAll } from 'bun:test'
import { readBank } from '../../src/authoring/bank.ts'
import type { ProblemCode } from '../../src/problem.ts'
import { sessionToken } from './clerk.ts'
import { addChallenges } from './database.ts'
import { type Server, startServer } from './server.ts'

/** A request of `user_1` and its expected answer, with the environment and the preparation that the server needs. */
type Provocation = {
  status: number
  code?: ProblemCode
  path: string
  method?: string
  body?: string
  headers?: Record<string, string>
  anonymous?: true
  env?: Record<string, string>
  prepare?: (server: Server) => unknown
}

const json = { 'content-type': 'application/json' }
const longKey = { ...json, 'idempotency-key': ' '.repeat(300) }
const post = (path: string, body: string) => ({ path, method: 'POST', headers: json, body })
const generate = post('/api/generate-challenge', '{"difficulty":"easy"}')
const answer = post('/api/challenges/1/answer', '{"answer_id":1}')
const report = post('/api/challenges/1/report', '{"reason":"other"}')
const addOne = (server: Server) => addChallenges(server, [{ id: 1 }])
const preflight = { origin: 'http://localhost:5173', 'access-control-request-method': 'GET' }

/** The model does not answer in time, so that the challenge comes from the bank. */
const noModel = { OPENAI_BASE_URL: 'http://127.0.0.1:1/v1', GENERATION_TIMEOUT_MS: '1' }

async function seeWholeBank(server: Server) {
  const rows = (await readBank()).map(({ id, difficulty }) => ({ difficulty, bankId: id, source: 'bank' }))
  addChallenges(server, rows)
}

function loseTable(server: Server) {
  using database = server.database()
  database.run('DROP TABLE challenge_quotas')
}

/** A request for every kind of answer. */
export const provocations: Provocation[] = [
  { status: 200, path: '/api/quota' },
  { status: 200, path: '/api/my-history' },
  { status: 200, path: '/health', anonymous: true },
  { status: 200, path: '/openapi', anonymous: true },
  { status: 200, path: '/openapi/json', anonymous: true },
  { status: 200, ...generate },
  { status: 200, path: '/api/progress' },
  { status: 200, path: '/api/topics' },
  { status: 200, path: '/api/challenges/1', prepare: addOne },
  { status: 200, ...answer, prepare: addOne },
  { status: 200, ...report, prepare: addOne },
  { status: 200, path: '/api/quota', method: 'HEAD' },
  { status: 204, path: '/api/quota', method: 'OPTIONS', headers: preflight, anonymous: true },
  { status: 204, path: '/api/nothing', method: 'OPTIONS', headers: preflight, anonymous: true },
  { status: 400, code: 'invalid_request', ...generate, body: '{' },
  { status: 400, code: 'invalid_request', ...generate, body: '{"difficulty":"impossible"}' },
  { status: 400, code: 'invalid_request', ...generate, headers: longKey },
  { status: 400, code: 'invalid_request', path: '/api/my-history?limit=0' },
  { status: 400, code: 'invalid_request', path: '/api/progress?timezone=Mars' },
  { status: 400, code: 'invalid_request', ...answer, body: '{"answer_id":4}' },
  { status: 400, code: 'invalid_request', ...report, body: '{"reason":"boring"}' },
  { status: 401, code: 'unauthenticated', path: '/api/quota', anonymous: true },
  { status: 401, code: 'unauthenticated', path: '/api/progress', anonymous: true },
  { status: 401, code: 'unauthenticated', path: '/api/topics', anonymous: true },
  { status: 401, code: 'unauthenticated', path: '/api/challenges/1', anonymous: true },
  { status: 401, code: 'unauthenticated', ...answer, anonymous: true },
  { status: 401, code: 'unauthenticated', ...report, anonymous: true },
  { status: 401, code: 'unauthenticated', ...generate, anonymous: true },
  { status: 401, code: 'invalid_signature', ...generate, path: '/webhooks/clerk', anonymous: true },
  { status: 404, code: 'not_found', path: '/api/nothing' },
  { status: 404, code: 'not_found', path: '/api/challenges/999' },
  { status: 404, code: 'not_found', ...answer, path: '/api/challenges/999/answer' },
  { status: 404, code: 'not_found', ...report, path: '/api/challenges/999/report' },
  { status: 405, code: 'method_not_allowed', path: '/api/quota', method: 'DELETE' },
  { status: 405, code: 'method_not_allowed', path: '/api/challenges/1', method: 'POST' },
  { status: 405, code: 'method_not_allowed', path: '/api/challenges/1/answer' },
  {
    status: 409,
    code: 'already_answered',
    ...answer,
    async prepare(server) {
      addOne(server)
      await server.answer('user_1', 1, 2)
    },
  },
  { status: 413, code: 'too_large', ...generate, body: ' '.repeat(64 * 1024 + 1) },
  { status: 415, code: 'unsupported_media_type', ...generate, headers: { 'content-type': 'text/plain' } },
  {
    status: 422,
    code: 'idempotency_mismatch',
    ...generate,
    headers: { ...json, 'idempotency-key': 'once' },
    prepare: (server) => server.generate('user_1', 'hard', { 'idempotency-key': 'once' }),
  },
  { status: 429, code: 'quota_exhausted', ...generate, env: { QUOTA_INITIAL: '0' } },
  { status: 500, code: 'internal', path: '/api/quota', prepare: loseTable },
  { status: 500, code: 'internal', ...generate, prepare: loseTable },
  { status: 503, code: 'unavailable', ...generate, env: noModel, prepare: seeWholeBank },
]

/** The provocations with names, for `test.each`. */
export const namedProvocations = provocations.map((provocation): [name: string, one: Provocation] => {
  const { status, code = 'fine', method = 'GET', path, anonymous } = provocation
  return [`${status} ${code} of ${method} ${path}${anonymous ? ' without a session' : ''}`, provocation]
})

/** Sends provocations, with more headers on demand. Those with `env` or `prepare` have own servers, the others share one. */
export function useProvocations() {
  const servers = new Map<Provocation | undefined, Promise<Server>>()
  afterAll(async () => {
    for (const server of servers.values()) await (await server)[Symbol.asyncDispose]()
  })

  return async function provoke(provocation: Provocation, more: Record<string, string> = {}) {
    const known = provocation.env || provocation.prepare ? provocation : undefined
    const server = servers.get(known) ?? startPrepared(provocation)
    servers.set(known, server)
    return answerOf(await server, provocation, more)
  }
}

async function startPrepared({ env, prepare }: Provocation): Promise<Server> {
  const server = await startServer({ env: env ?? {} })
  await prepare?.(server)
  return server
}

async function answerOf(
  server: Server,
  { path, method = 'GET', body, anonymous, headers }: Provocation,
  more: Record<string, string>,
): Promise<Response> {
  const session: Record<string, string> = anonymous
    ? {}
    : { authorization: `Bearer ${await sessionToken('user_1')}` }
  const response = await server.fetch(path, {
    method,
    headers: { ...session, ...headers, ...more },
    ...(body !== undefined && { body }),
  })
  const text = await response.text()
  return new Response(text === '' ? null : text, response)
}
