import { expect } from 'bun:test'
import { sessionToken, svixHeaders, userEvent } from './clerk.ts'
import type { ServerProcess } from './process.ts'

/** Values that occur in requests, and must not occur in the log. */
export const email = 'ada.lovelace@example.com'
export const marked = 'mark-of-the-body'
export const idempotencyKey = 'key-that-nobody-may-see'
export const modelsKey = 'sk-test-0123456789abcdef'
const json = { 'content-type': 'application/json' }

/** A request and its status. `unread`: the request is refused before its session is verified. */
export type Step = {
  path: string
  status: number
  user?: string
  unread?: true
  query?: string
} & RequestInit

export const generate = (body: string, status: number, more: Partial<Step> = {}): Step => ({
  ...{ path: '/api/generate-challenge', method: 'POST', user: 'user_1', body, status },
  ...more,
  headers: { ...json, ...more.headers },
})
const webhook = (body: string, status: number, headers: object = svixHeaders(body)): Step => ({
  ...{ path: '/webhooks/clerk', method: 'POST', body, status },
  headers: { ...json, ...headers },
})
const event = (type: string, data: object) =>
  JSON.stringify({ ...JSON.parse(userEvent(type, 'user_2')), data })
const person = { id: 'user_2', email_addresses: [{ email_address: email }], first_name: marked }

/** Every route, and every kind of answer that a client can cause. */
export const walk: Step[] = [
  { path: '/health', status: 200 },
  { path: '/health', status: 200, method: 'HEAD' },
  { path: '/ready', status: 200 },
  { path: '/metrics', status: 200 },
  { path: '/openapi', status: 200 },
  { path: '/openapi/json', status: 200 },
  { path: '/api/quota', status: 200, user: 'user_1' },
  { path: '/api/quota', status: 401 },
  { path: '/api/quota', status: 401, headers: { authorization: `Bearer ${modelsKey}` } },
  { path: '/api/quota', status: 401, headers: { cookie: `__session=${marked}` } },
  { path: '/api/quota', status: 405, method: 'DELETE', body: marked },
  { path: '/api/my-history', status: 200, user: 'user_1', query: '?limit=5' },
  { path: '/api/my-history', status: 400, user: 'user_1', query: `?limit=${marked}&email=${email}` },
  { path: '/api/my-history', status: 400, user: 'user_1', query: `?cursor=${marked}` },
  { path: '/api/my-history', status: 400, user: 'user_1', query: `?topic=${marked}` },
  { path: '/api/progress', status: 200, user: 'user_1', query: '?timezone=Europe/Berlin' },
  { path: '/api/progress', status: 400, user: 'user_1', query: `?timezone=${marked}` },
  { path: '/api/topics', status: 200, user: 'user_1' },
  { path: '/api/topics', status: 401 },
  { path: '/nowhere', status: 404, query: `?email=${email}` },
  {
    path: '/api/quota',
    status: 204,
    method: 'OPTIONS',
    headers: { origin: 'http://localhost:5173', 'access-control-request-method': 'GET' },
  },
  generate(`{"difficulty":"easy","note":"${marked} ${email}"}`, 200),
  generate('{"difficulty":"easy"}', 200, { headers: { 'idempotency-key': idempotencyKey } }),
  generate('{"difficulty":"hard"}', 422, { headers: { 'idempotency-key': idempotencyKey } }),
  generate('{"difficulty":"hard"}', 400, { headers: { 'idempotency-key': `${idempotencyKey}\u00e9` } }),
  generate(`{"difficulty":"${marked}"}`, 400),
  generate(`{"difficulty":"easy","topic":"${marked}"}`, 400),
  generate(`{"${marked}`, 400, { unread: true }),
  generate(`["${marked}"]`, 400),
  generate(`${marked}`, 415, { unread: true, headers: { 'content-type': 'text/plain' } }),
  generate(`"${marked.repeat(5000)}"`, 413, { unread: true }),
  generate('{"difficulty":"easy"}', 401, { user: '' }),
  webhook(event('user.created', person), 200),
  webhook(event('session.created', { ...person, client_ip: marked }), 200),
  webhook(event('user.updated', person), 200),
  webhook(event('user.deleted', person), 200),
  webhook(`not JSON ${marked}`, 400),
  webhook(event('user.created', { email }), 400),
  webhook(event('user.created', person), 401, svixHeaders('another body')),
  webhook(event('user.created', person), 401, {}),
  webhook(`"${marked.repeat(20_000)}"`, 413),
]

/** Sends the request with this request id, and returns the fields that its log line must have. */
export async function send(
  server: ServerProcess,
  { path, status, user, unread, query = '', ...init }: Step,
  id: string,
) {
  const headers = new Headers(init.headers)
  headers.set('x-request-id', id)
  const token = user && (await sessionToken(user, { claims: { email } }))
  if (token) headers.set('authorization', `Bearer ${token}`)
  const answer = await server.fetch(path + query, { ...init, headers })
  await answer.arrayBuffer()
  expect([path, init.body?.toString().slice(0, 80), answer.status]).toEqual([
    path,
    init.body?.toString().slice(0, 80),
    status,
  ])
  return { token, id, method: init.method ?? 'GET', path, status, user: (!unread && user) || undefined }
}
