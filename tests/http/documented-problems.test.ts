import { expect, test } from 'bun:test'
import { type ProblemCode, problems } from '../../src/problem.ts'
import { until } from '../support/async.ts'
import { sessionToken, svixHeaders, userEvent } from '../support/clerk.ts'
import { portOf } from '../support/client.ts'
import { addChallenges } from '../support/database.ts'
import { documentOf, operationsOf } from '../support/openapi-document.ts'
import { openConnection, parseResponse, rawRequest } from '../support/raw-http.ts'
import { loseDatabase } from '../support/refused-requests.ts'
import { type Server, startServer } from '../support/server.ts'

type Change = {
  /** Replaces the body that the operation accepts. */
  body?: string
  query?: string
  /** The id of the challenge, 1 by default. */
  id?: number
  headers?: Record<string, string>
  anonymous?: true
  /** Spells the path with a dot segment, which `fetch` would remove. */
  misspelled?: true
  options?: Parameters<typeof startServer>[0]
  prepare?: (server: Server) => unknown
}

// The times of the example: the quota opens at `opened`, and the request arrives a minute later.
const opened = Date.parse('2026-11-24T11:34:40.613Z')
const clock = { now: opened }

const oversized = { 'post /webhooks/clerk': 256 * 1024 + 1 } as Record<string, number>

/** How to provoke the documented example of a code, or the reason why it is not provoked here. */
const changes: Record<ProblemCode, ((operation: string) => Change) | string> = {
  invalid_request(operation) {
    if (operation.startsWith('post')) return { body: '' }
    if (/history|progress/.test(operation)) return { query: '?limit=0&timezone=Mars' }
    return { misspelled: true }
  },
  unauthenticated: () => ({ anonymous: true }),
  invalid_signature: () => ({ headers: { 'svix-signature': 'v1,wrong' } }),
  not_found: () => ({ id: 1000 }),
  method_not_allowed: 'No operation documents it.',
  timeout: 'The example takes ten seconds: the test below has a shorter limit.',
  too_large: (operation) => ({ body: ' '.repeat(oversized[operation] ?? 64 * 1024 + 1) }),
  unsupported_media_type: () => ({ headers: { 'content-type': 'text/plain' } }),
  already_answered: () => ({ prepare: (server) => server.answer('user_1', 1, 2) }),
  idempotency_mismatch: () => ({
    headers: { 'idempotency-key': 'once' },
    prepare: (server) => server.generate('user_1', 'hard', { 'idempotency-key': 'once' }),
  }),
  quota_exhausted: () => ({
    options: { env: { QUOTA_INITIAL: '0' }, now: () => clock.now },
    async prepare(server) {
      clock.now = opened
      await server.quota('user_1')
      clock.now += 60_000
    },
  }),
  quota_in_flight: 'Its only sentence is provoked by tests/http/problem-sentences.test.ts.',
  internal: () => ({
    prepare(server) {
      using database = server.database()
      database.run('DROP TABLE challenge_quotas')
      database.run('DROP TABLE assignments')
    },
  }),
  unavailable: () => ({ prepare: loseDatabase }),
}

/** The provocations of these codes break the database, which this operation does not use. */
const isOutOfReach = (operation: string, code: string) =>
  operation === 'get /api/topics' && ['internal', 'unavailable'].includes(code)

async function send(server: Server, operation: string, change: Change): Promise<Response> {
  const [method = '', path = ''] = operation.split(' ')
  const body = change.body ?? bodies[path] ?? userEvent('user.created', 'user_1')
  const authorization = `Bearer ${await sessionToken('user_1')}`
  if (change.misspelled) {
    using connection = await openConnection(portOf(server))
    connection.write(rawRequest(method.toUpperCase(), `/x/..${path}`, { authorization }))
    const answer = await until(() => parseResponse(connection.received), 'an answer')
    return new Response(answer.body, { status: answer.status })
  }
  return server.fetch(path.replace('{id}', String(change.id ?? 1)) + (change.query ?? ''), {
    method: method.toUpperCase(),
    headers: {
      ...(method === 'post' && svixHeaders(body)),
      ...(!change.anonymous && { authorization }),
      ...change.headers,
    },
    ...(method === 'post' && { body }),
  })
}
const bodies: Record<string, string> = {
  '/api/generate-challenge': '{"difficulty":"easy"}',
  '/api/challenges/{id}/answer': '{"answer_id":0}',
  '/api/challenges/{id}/report': '{"reason":"other"}',
}

type Examples = Record<string, { value: unknown }>

async function startWithChallenge({ options, prepare }: Change = {}): Promise<Server> {
  const server = await startServer(options)
  addChallenges(server, [{ id: 1 }])
  await prepare?.(server)
  return server
}

test('each operation answers its problems as the documented examples show', async () => {
  // The other servers are prepared for one request, which may change their rows.
  await using shared = await startWithChallenge()
  const compared: string[] = []
  for (const { name, operation } of operationsOf(await documentOf())) {
    for (const { content = {} } of Object.values(operation.responses ?? {})) {
      const { examples = {} } = (content['application/problem+json'] ?? {}) as { examples?: Examples }
      for (const [code, { value }] of Object.entries(examples)) {
        const change = changes[code as ProblemCode]
        if (typeof change === 'string' || isOutOfReach(name, code)) continue
        const request = change(name)
        await using prepared = request.prepare && (await startWithChallenge(request))

        const answer = await send(prepared ?? shared, name, request)

        expect([name, await answer.json()]).toEqual([name, value])
        compared.push(code)
      }
    }
  }

  const provoked = Object.entries(changes).filter(([, change]) => typeof change !== 'string')
  expect([...new Set(compared)].toSorted()).toEqual(provoked.map(([code]) => code).toSorted())
})

test('exactly the operations that document 408 take a body, and answer 408 when it does not arrive', async () => {
  await using server = await startServer({ timings: { bodyMs: 100 } })
  const authorization = `Bearer ${await sessionToken('user_1')}`
  const headers = { authorization, 'content-type': 'application/json', 'content-length': '10' }

  for (const { name, operation } of operationsOf(await documentOf())) {
    expect([name, '408' in (operation.responses ?? {})]).toEqual([name, name.startsWith('post ')])
    if (!name.startsWith('post ')) continue
    using connection = await openConnection(portOf(server))
    connection.write(rawRequest('POST', name.replace('post ', '').replace('{id}', '1'), headers))
    const { status, body } = await until(() => parseResponse(connection.received), 'an answer')
    expect([name, status, JSON.parse(body)]).toEqual([name, 408, problems.bodyTimeout(100).toJSON()])
  }
})
