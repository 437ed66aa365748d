import { expect, setDefaultTimeout, test } from 'bun:test'
import { until } from '../support/async.ts'
import { keys, webhookSecret } from '../support/clerk.ts'
import { portOf } from '../support/client.ts'
import { email, generate, idempotencyKey, marked, modelsKey, send, walk } from '../support/every-route.ts'
import { temporaryFolder } from '../support/folder.ts'
import { goodChallenge, startModel } from '../support/model.ts'
import { startInFolder } from '../support/process.ts'
import { openConnection, parseResponse } from '../support/raw-http.ts'
import { startServer } from '../support/server.ts'

setDefaultTimeout(60_000)

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

test('every request is one JSON line, and no line has a token, key, body, e-mail address or secret', async () => {
  using folder = temporaryFolder()
  await using model = startModel()
  const env = { LOG_LEVEL: 'trace', POOL_SIZE: '1', REVIEW: 'on' }
  await using server = await startInFolder(folder.path, model, { env })

  const sent: Awaited<ReturnType<typeof send>>[] = []
  for (const step of walk) sent.push(await send(server, step, `walk-${sent.length}`))
  // Errors of vendors quote the key and the prompt, and must not be logged either.
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
  const tokenParts = sent.flatMap(({ token }) => (token ? token.split('.') : []))
  expect([...secrets, ...tokenParts].filter((secret) => output.includes(secret))).toEqual([])
  expect(server.stderr()).toBe('')
})

test('a preflight is one line, also without a Host header', async () => {
  await using server = await startServer()
  using connection = await openConnection(portOf(server))
  connection.write('OPTIONS /nowhere HTTP/1.0\r\nX-Request-Id: bare\r\n\r\n')
  await connection.ended
  expect(parseResponse(connection.received)?.status).toBe(204)
  // Lines are written in order: the line of the next request follows that of the preflight.
  await server.fetch('/health')
  const statuses = () =>
    server.lines.flatMap(({ msg, requestId, status }) => (msg === 'request' ? [[requestId, status]] : []))
  await until(() => statuses().length >= 2, 'both requests are logged')
  expect(statuses()).toEqual([
    ['bare', 204],
    [expect.anything(), 200],
  ])
})
