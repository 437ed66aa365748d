import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { until } from '../support/async.ts'
import { sessionToken } from '../support/clerk.ts'
import { temporaryFolder } from '../support/folder.ts'
import { startModel, startPausedModel } from '../support/model.ts'
import { type ServerProcess, startInFolder } from '../support/process.ts'
import { openConnection, parseResponse, rawRequest } from '../support/raw-http.ts'

setDefaultTimeout(60_000)

/** For requests that change no row. */
let server: ServerProcess
const shared = new AsyncDisposableStack()
beforeAll(async () => {
  const folder = shared.use(temporaryFolder())
  server = shared.use(await startInFolder(folder.path, shared.use(startModel())))
})
afterAll(() => shared.disposeAsync())

const json = { 'content-type': 'application/json' }

const statuses = (received: string) =>
  [...received.matchAll(/HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status))

test.concurrent('pipelined requests are answered in order', async () => {
  using connection = await openConnection(server.port)
  // `/ready` comes last: Bun closes a connection on which a request arrives before an answer that takes a turn.
  const paths = ['/health', '/nowhere', '/api/quota', '/health', '/ready']
  connection.write(paths.map((path) => rawRequest('GET', path)).join(''))
  await until(() => statuses(connection.received).length >= 5 || connection.closed, 'five answers')
  expect(statuses(connection.received)).toEqual([200, 404, 401, 200, 200])
})

test.concurrent('pipelined requests after one that uses the database are answered in order, or not at all', async () => {
  using connection = await openConnection(server.port)
  connection.write(['/ready', '/nowhere'].map((path) => rawRequest('GET', path)).join(''))
  await until(
    () => statuses(connection.received).length >= 2 || connection.closed,
    'the answers or the end of the connection',
  )
  expect([[], [200, 404]]).toContainEqual(statuses(connection.received))
})

test.concurrent('a request pipelined behind a generation may close the connection, but then the generation is not charged', async () => {
  using folder = temporaryFolder()
  await using model = startPausedModel()
  await using server = await startInFolder(folder.path, model)
  using connection = await openConnection(server.port)
  const session = { authorization: `Bearer ${await sessionToken('user_1')}` }
  connection.write(
    rawRequest('POST', '/api/generate-challenge', { ...session, ...json }, '{"difficulty":"easy"}'),
  )
  await until(() => model.active === 1, 'the challenge is being generated')
  connection.write(rawRequest('GET', '/health'))
  await until(
    async () => connection.closed || (await server.fetch('/health')).ok,
    'the server has read the second request',
  )
  model.resume()
  await until(() => model.active === 0, 'the model has answered')
  const given = await until(async () => {
    const { owned, ready } = server.readDatabase()
    return owned.length + ready === 1 && [owned.length]
  }, 'the challenge is stored')
  await until(
    () => connection.closed || statuses(connection.received).length === 2,
    'the answers or the end of the connection',
  )
  expect([[], [200, 200]]).toContainEqual(statuses(connection.received))
  expect([statuses(connection.received).length > 0 ? 1 : 0]).toEqual(given)
  expect((await server.quota('user_1')).body.quota_remaining).toBe(50 - (given[0] ?? 0))
})

test.concurrent('HEAD answers like GET, without the body', async () => {
  const headers = { authorization: `Bearer ${await sessionToken('user_1')}`, 'x-request-id': 'same' }
  const ask = async (method: string, path: string) => {
    using connection = await openConnection(server.port)
    connection.write(rawRequest(method, path, { ...headers, connection: 'close' }))
    await connection.ended
    return parseResponse(connection.received)
  }
  const comparable = (head = new Map<string, string>()) =>
    [...head].filter(([name]) => name !== 'date').sort()
  for (const path of ['/health', '/ready', '/openapi/json', '/api/quota', '/api/my-history', '/nowhere']) {
    const [get, head] = [await ask('GET', path), await ask('HEAD', path)]
    expect([path, head?.status, head?.body]).toEqual([path, get?.status, ''])
    expect(comparable(head?.headers)).toEqual(comparable(get?.headers))
  }
})

test.concurrent('a body that is too large is refused by its announced length, before it arrives', async () => {
  for (const [path, length, status, code] of [
    ['/api/generate-challenge', 64 * 1024 + 1, 413, 'too_large'],
    ['/api/generate-challenge', 20e6, 413, 'too_large'],
    ['/webhooks/clerk', 20e6, 413, 'too_large'],
    ['/api/generate-challenge', 1e12, 413, 'too_large'],
    ['/nowhere', 20e6, 404, 'not_found'],
  ] as const) {
    using connection = await openConnection(server.port)
    connection.write(rawRequest('POST', path, { ...json, 'content-length': String(length) }))
    const seen = () => parseResponse(connection.received)
    await until(() => connection.closed || seen()?.body, 'the answer')
    const { status: given, headers, body = '' } = seen() ?? {}
    expect([path, length, given, headers?.get('content-type')]).toEqual([
      path,
      length,
      status,
      'application/problem+json',
    ])
    expect(JSON.parse(body).code).toBe(code)
  }
})
