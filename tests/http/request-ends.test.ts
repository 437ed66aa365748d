import { expect, test } from 'bun:test'
import { until } from '../support/async.ts'
import { sessionToken } from '../support/clerk.ts'
import { portOf } from '../support/client.ts'
import { readTables } from '../support/database.ts'
import { openConnection, parseResponse, rawRequest } from '../support/raw-http.ts'
import { startServer } from '../support/server.ts'
import { useServer } from '../support/shared-server.ts'

/** For requests that change no row: its tables stay empty. */
const shared = useServer()

const easy = '{"difficulty":"easy"}'
const chunked = { 'transfer-encoding': 'chunked' }
const chunk = `${easy.length.toString(16)}\r\n${easy}\r\n`

/** The headers, and the parts in which the body arrives. */
type Sent = [headers: Record<string, string>, ...parts: string[]]

async function send(url: string, [headers, ...parts]: Sent, more: Record<string, string>) {
  const connection = await openConnection(portOf({ url }))
  const session = { authorization: `Bearer ${await sessionToken('user_1')}` }
  const all = { ...session, 'content-type': 'application/json', ...headers, ...more }
  const [first = '', ...rest] = parts
  connection.write(rawRequest('POST', '/api/generate-challenge', all) + first)
  for (const part of rest) {
    // The server reads a part before the next one is sent.
    expect((await fetch(`${url}/health`)).status).toBe(200)
    connection.write(part)
  }
  return connection
}

const refused: [name: string, sent: Sent][] = [
  ['a trailer', [chunked, `${chunk}0\r\nX-Sum: 1\r\n\r\n`]],
  ['a trailer that the head announces', [{ ...chunked, trailer: 'X-Sum' }, `${chunk}0\r\nX-Sum: 1\r\n\r\n`]],
  [
    'a trailer that the head announces and that comes late',
    [{ ...chunked, trailer: 'X-Sum' }, `${chunk}0\r\n`, 'X-Sum: 1\r\n\r\n'],
  ],
  [
    'a trailer and another request',
    [chunked, `${chunk}0\r\nX-Sum: 1\r\n\r\n${rawRequest('GET', '/health')}`],
  ],
  ['half a trailer', [chunked, `${chunk}0\r\nX-S`, 'um: 1\r\n\r\n']],
  ['garbage in the place of the last line', [chunked, `${chunk}0\r\nXX`]],
  ['garbage behind the last chunk', [chunked, `${chunk}0\r\n\r\ngarbage\r\n\r\n`]],
  ['a next request without a colon', [chunked, `${chunk}0\r\n\r\nGET / HTTP/1.1\r\nHost h\r\n\r\n`]],
  ['a chunk size that is none', [chunked, `${chunk}zz\r\n`]],
  ['a chunk size that is none and comes late', [chunked, chunk, 'zz\r\n']],
  ['a negative chunk size', [chunked, `${chunk}-1\r\n`]],
  ['an endless chunk size', [chunked, `${chunk}ffffffffffffffff\r\n`]],
  ['an empty chunk size', [chunked, `${chunk}\r\n`]],
  ['a chunk that is longer than it says', [chunked, `${chunk.slice(0, -2)}XX0\r\n\r\n`]],
  ['bare newlines', [chunked, `${easy.length.toString(16)}\n${easy}\n0\n\n`]],
  [
    'a long chunk extension',
    [chunked, `${easy.length.toString(16)};${'a'.repeat(20_000)}\r\n${easy}\r\n0\r\n\r\n`],
  ],
  ['two lengths', [{ 'content-length': `${easy.length}`, 'Content-Length': '5' }, easy]],
  ['a length and chunks', [{ ...chunked, 'content-length': `${easy.length}` }, `${chunk}0\r\n\r\n`]],
  ['chunks of an unknown coding', [{ 'transfer-encoding': 'xchunked' }, `${chunk}0\r\n\r\n`]],
  [
    'a body that is longer than its length',
    [{ 'content-length': `${easy.length}` }, `${easy}garbage\r\n\r\n`],
  ],
]

test.each(refused)('a request with %s is refused, and changes nothing', async (_, sent) => {
  const server = shared()
  for (const headers of [{}, { 'idempotency-key': 'k1' }] as Record<string, string>[]) {
    using connection = await send(server.url, sent, headers)

    await until(() => connection.closed, 'the server closes the connection')

    expect([undefined, 400, 413]).toContain(parseResponse(connection.received)?.status)
    expect(readTables(server)).toEqual({ challenges: [], quotas: [] })
  }
})

const blocks = (count: number, text: string) => Array<string>(count).fill(text)
const block = 'x'.repeat(8192)
const large = { 'content-length': `${128 * 8192}` }

test.each<[name: string, status: number, sent: Sent, type: string]>([
  ['too large', 413, [large, ...blocks(128, block)], 'application/json'],
  [
    'too large and in chunks',
    413,
    [chunked, ...blocks(128, `2000\r\n${block}\r\n`), '0\r\n\r\n'],
    'application/json',
  ],
  ['of another type', 415, [large, ...blocks(128, block)], 'text/plain'],
])('a client that sends a whole body that is %s gets the answer %i', async (_, status, sent, type) => {
  const server = shared()
  using connection = await send(server.url, sent, { 'content-type': type })

  // The connection serves the next request: a proxy keeps it.
  connection.write(rawRequest('GET', '/health'))

  const answers = () =>
    [...connection.received.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, code]) => Number(code))
  await until(() => connection.closed || answers().length === 2, 'two answers')
  expect(answers()).toEqual([status, 200])
  expect(readTables(server)).toEqual({ challenges: [], quotas: [] })
})

const length = { 'content-length': `${easy.length}` }
const answered: [name: string, sent: Sent][] = [
  ['chunks', [chunked, `${chunk}0\r\n\r\n`]],
  ['chunks whose end comes late', [chunked, chunk, '0\r\n', '\r\n']],
  ['chunk extensions', [chunked, `${easy.length.toString(16)};a=b\r\n${easy}\r\n0;c\r\n\r\n`]],
  ['a trailer that is announced for a body with a length', [{ ...length, trailer: 'X-Sum' }, easy]],
  ['a body that waits for leave', [{ ...length, expect: '100-continue' }, '', easy]],
]

test.each(answered)('a request with %s is answered, and charged once', async (_, sent) => {
  await using server = await startServer()
  using connection = await send(server.url, sent, {})

  await until(() => parseResponse(connection.received), 'an answer')

  expect(parseResponse(connection.received)?.status).toBe(200)
  expect(readTables(server)).toMatchObject({ challenges: [{}], quotas: [{ quota_remaining: 49 }] })
})
