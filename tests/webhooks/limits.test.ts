import { expect, test } from 'bun:test'
import { gzipSync } from 'node:zlib'
import { userEvent } from '../support/clerk.ts'
import { readTables } from '../support/database.ts'
import { expectProblem } from '../support/problem-details.ts'
import { type Server, startServer } from '../support/server.ts'
import { useServer } from '../support/shared-server.ts'
import { type Headers, specified } from '../support/svix-headers.ts'

/** For deliveries that change no row: its tables stay empty. */
const shared = useServer()

const kibibyte = 1024
const created = userEvent('user.created', 'user_1')

/** The event with white space after it, up to this many bytes. */
const padded = (bytes: number) => new TextEncoder().encode(created.padEnd(bytes))

/** A stream of these bytes. */
function piecesOf(body: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array> {
  let start = 0
  return new ReadableStream({
    async pull(controller) {
      const piece = body.subarray(start, start + 16 * kibibyte)
      start += piece.length
      if (piece.length > 0) controller.enqueue(piece)
      else controller.close()
    },
  })
}

/** Delivers `body` with its signature. A streamed body has no `Content-Length`. */
function post(server: Server, body: Uint8Array<ArrayBuffer>, more: Headers = {}, streamed = false) {
  const headers: Headers = { ...specified(body), ...more }
  if (headers['content-type'] === '') delete headers['content-type']
  return server.fetch('/webhooks/clerk', {
    method: 'POST',
    headers,
    body: streamed ? piecesOf(body) : body,
  })
}

test.each([
  ['at once', false],
  ['as a stream', true],
])('a body of 256 KiB that arrives %s is accepted, and one byte more is refused', async (_, streamed) => {
  await using server = await startServer()

  await expectProblem(post(server, padded(256 * kibibyte + 1), {}, streamed), 413, 'too_large')
  expect(readTables(server).quotas).toEqual([])

  expect((await post(server, padded(256 * kibibyte), {}, streamed)).status).toBe(200)
  expect(readTables(server).quotas).toMatchObject([{ user_id: 'user_1' }])
})

test.each([1024 * kibibyte, 8 * 1024 * kibibyte])(
  'a body of %d bytes is refused by its size, signed or not',
  async (bytes) => {
    const server = shared()

    await expectProblem(post(server, padded(bytes)), 413, 'too_large')
    await expectProblem(post(server, padded(bytes), { 'svix-signature': 'v1,AAAA' }), 413, 'too_large')

    expect(readTables(server)).toEqual({ challenges: [], quotas: [] })
  },
)

test.each([
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/jsonx',
  'application/octet-stream',
  'json',
  '',
])('a body of type %p is refused with 415', async (type) => {
  const server = shared()

  await expectProblem(post(server, padded(500), { 'content-type': type }), 415, 'unsupported_media_type')

  expect(readTables(server)).toEqual({ challenges: [], quotas: [] })
})

test.each(['application/json; charset=utf-8', 'APPLICATION/JSON', 'application/json ;charset="UTF-8"'])(
  'a body of type %p is accepted',
  async (type) => {
    await using server = await startServer()

    expect((await post(server, padded(500), { 'content-type': type })).status).toBe(200)
  },
)

test('a compressed body is refused with 415', async () => {
  const server = shared()
  const body = new Uint8Array(gzipSync(created))

  await expectProblem(post(server, body, { 'content-encoding': 'gzip' }), 415, 'unsupported_media_type')

  expect(readTables(server)).toEqual({ challenges: [], quotas: [] })
})

test.each(['GET', 'PUT', 'DELETE'])('%s /webhooks/clerk is answered with 405', async (method) => {
  const { headers } = await expectProblem(
    shared().fetch('/webhooks/clerk', { method }),
    405,
    'method_not_allowed',
  )

  expect(headers.get('allow')).toBe('POST')
})
