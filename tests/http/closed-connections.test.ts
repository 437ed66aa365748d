import { expect, test } from 'bun:test'
import { until } from '../support/async.ts'
import { sessionToken } from '../support/clerk.ts'
import { portOf } from '../support/client.ts'
import { readTables } from '../support/database.ts'
import { openConnection, parseResponse, rawRequest } from '../support/raw-http.ts'
import { useServer } from '../support/shared-server.ts'

const shared = useServer()
const length = { 'content-length': String(1024 * 1024) }
const chunked = { 'transfer-encoding': 'chunked' }
const json = { 'content-type': 'application/json' }
const half = ' '.repeat(512 * 1024)
const chunk = `80000\r\n${half}\r\n`

/** The status, the method and path, the headers, and the two halves of the body. */
const refused: [status: number, target: [string, string], headers: object, first: string, second: string][] =
  [
    [413, ['POST', '/api/generate-challenge'], { ...json, ...length }, half, half],
    [413, ['POST', '/api/generate-challenge'], { ...json, ...chunked }, chunk, `${chunk}0\r\n\r\n`],
    [413, ['POST', '/webhooks/clerk'], { ...json, ...length }, half, half],
    [415, ['POST', '/api/challenges/1/answer'], { ...length }, half, half],
    [415, ['POST', '/api/generate-challenge'], { ...chunked }, chunk, `${chunk}0\r\n\r\n`],
    [405, ['PUT', '/api/quota'], { ...json, ...length }, half, half],
    [404, ['POST', '/nowhere'], { ...json, ...chunked }, chunk, `${chunk}0\r\n\r\n`],
  ]

// nginx by default sends `Connection: close`, the whole body, and reads the answer then.
test.each(refused)(
  'a refusal with %i comes after the body when the client wants the connection to be closed: %j',
  async (status, [method, path], headers, first, second) => {
    const server = shared()
    using connection = await openConnection(portOf(server))
    const session = { authorization: `Bearer ${await sessionToken('user_1')}`, connection: 'close' }

    connection.write(rawRequest(method, path, { ...session, ...headers }) + first)
    for (let n = 0; n < 3; n++) expect((await fetch(`${server.url}/health`)).status).toBe(200)
    expect([connection.received, connection.closed]).toEqual(['', false])
    connection.write(second)

    await until(() => connection.closed, 'the server closes the connection')
    expect(parseResponse(connection.received)?.status).toBe(status)
    expect(readTables(server)).toEqual({ challenges: [], quotas: [] })
  },
)

test('a body of more than 1 MiB is not read to its end', async () => {
  using connection = await openConnection(portOf(shared()))
  const headers = { ...json, 'content-length': String(64 * 1024 * 1024), connection: 'close' }

  connection.write(rawRequest('POST', '/api/generate-challenge', headers) + half.repeat(3))

  await until(() => connection.closed, 'the server closes the connection')
})
