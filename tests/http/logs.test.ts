import { expect, setDefaultTimeout, test } from 'bun:test'
import { keys, sessionToken, svixHeaders, userEvent, webhookSecret } from '../support/clerk.ts'
import { temporaryFolder } from '../support/folder.ts'
import { startHeldModel } from '../support/held-model.ts'
import { goodChallenge, startModel } from '../support/model.ts'
import { type ServerProcess, startInFolder, until } from '../support/process.ts'

// Processes are started here: a busy machine takes its time.
setDefaultTimeout(20_000)

const email = 'ada.lovelace@example.com'
const marked = 'mark-of-the-body'
const idempotencyKey = 'key-that-nobody-may-see'
const modelsKey = 'sk-test-0123456789abcdef'
const json = { 'content-type': 'application/json' }

/** `unread`: refused before the session is looked at. */
type Step = { path: string; status: number; user?: string; unread?: true; query?: string } & RequestInit

const generate = (body: string, status: number, more: Partial<Step> = {}): Step => ({
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
const walk: Step[] = [
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

async function send(
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

test('every request is one line of JSON, and no line has a token, key, body, e-mail address or secret', async () => {
  using folder = temporaryFolder()
  await using model = startModel()
  const env = { LOG_LEVEL: 'trace', POOL_SIZE: '1', REVIEW: 'on' }
  await using server = await startInFolder(folder.path, model, { env })

  const sent: Awaited<ReturnType<typeof send>>[] = []
  for (const step of walk) sent.push(await send(server, step, `walk-${sent.length}`))
  // What the model says when it fails must not get through either: vendors quote the key, and the prompt.
  const said = {
    error: { message: `Incorrect API key provided: ${modelsKey}. ${marked}`, code: 'invalid_api_key' },
  }
  model.author = () => Response.json(said, { status: 401 })
  sent.push(await send(server, generate('{"difficulty":"medium"}', 200), 'model-401'))
  model.author = () => ({
    ...goodChallenge(),
    question: `${marked} ${email} <script>`,
    distractors: [marked],
  })
  sent.push(await send(server, generate('{"difficulty":"hard"}', 200), 'model-unfit'))
  const lines = () => server.log().filter(({ msg }) => msg === 'request')
  await until(() => lines().length >= sent.length, 'a line for each request')

  expect(
    lines().map(({ requestId, method, path, status, userId }) => [requestId, method, path, status, userId]),
  ).toEqual(sent.map(({ id, method, path, status, user }) => [id, method, path, status, user]))
  for (const { level, time, ms } of server.log()) {
    expect(level).toBeOneOf(['trace', 'debug', 'info', 'warn', 'error'])
    expect(new Date(time).toISOString()).toBe(time)
    expect(ms ?? 0).toBeWithin(0, 10_000)
  }
  const output = server.lines().join('\n') + server.stderr()
  const secrets = [
    email,
    marked,
    idempotencyKey,
    modelsKey,
    webhookSecret,
    webhookSecret.slice(6),
    keys.pem.slice(40, 90),
    'Bearer',
    'eyJ',
    'v1,',
  ]
  for (const { token } of sent) if (token) secrets.push(...token.split('.'))
  expect(secrets.filter((secret) => output.includes(secret))).toEqual([])
  expect(server.stderr()).toBe('')
})

test('a request whose client hangs up is a line too', async () => {
  using folder = temporaryFolder()
  await using model = startHeldModel()
  await using server = await startInFolder(folder.path, model)
  const client = new AbortController()
  const answer = server.generate('user_1', 'easy', { 'x-request-id': 'gone' }, { signal: client.signal })
  await until(() => model.active === 1, 'the challenge is being generated')
  client.abort()
  await answer.catch(() => undefined)
  model.release()
  const lines = await until(() => {
    const found = server.log().filter(({ requestId, msg }) => requestId === 'gone' && msg === 'request')
    return found.length > 0 && found
  }, 'the line')
  expect(lines).toMatchObject([{ method: 'POST', path: '/api/generate-challenge', userId: 'user_1' }])
})
