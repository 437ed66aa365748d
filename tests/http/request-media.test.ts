import { expect, test } from 'bun:test'
import { readTables } from '../support/database.ts'
import { expectProblem } from '../support/problem-details.ts'
import { type Server, startServer } from '../support/server.ts'
import { useServer } from '../support/shared-server.ts'

/** For requests that are refused: its tables stay empty. */
const shared = useServer()

const limit = 64 * 1024
const good = '{"difficulty":"easy"}'
const json = { 'content-type': 'application/json' }

function post(server: Server, body: BodyInit, headers: Record<string, string> = json) {
  return server.as('user_1', '/api/generate-challenge', { method: 'POST', headers, body })
}

/** Valid JSON of `length` bytes. */
const padded = (length: number) => good.padEnd(length, ' ')

/** A body without a length: it is sent in chunks, and `sent` counts their bytes. */
function chunked(text: string, size: number) {
  const chunks = { sent: 0, body: new ReadableStream<Uint8Array>() }
  const all = new TextEncoder().encode(text)
  chunks.body = new ReadableStream({
    async pull(controller) {
      const chunk = all.slice(chunks.sent, chunks.sent + size)
      if (chunk.length === 0) return controller.close()
      chunks.sent += chunk.length
      controller.enqueue(chunk)
      await Bun.sleep(0)
    },
  })
  return chunks
}

const form = new FormData()
form.set('difficulty', 'easy')
const withoutType = new TextEncoder().encode(good)

test.each<[name: string, body: BodyInit, type: string | undefined]>([
  ['a form', 'difficulty=easy', 'application/x-www-form-urlencoded'],
  ['JSON that calls itself a form', good, 'application/x-www-form-urlencoded'],
  ['multipart', form, undefined],
  ['text/plain', good, 'text/plain'],
  ['text/plain with a charset', good, 'text/plain;charset=UTF-8'],
  ['text/json', good, 'text/json'],
  ['application/jsonx', good, 'application/jsonx'],
  ['application/json-patch+json', good, 'application/json-patch+json'],
  ['application/x-ndjson', good, 'application/x-ndjson'],
  ['application/jso', good, 'application/jso'],
  ['json', good, 'json'],
  ['JSON in a parameter', good, 'text/plain; a=application/json'],
  ['two types', good, 'application/json, text/plain'],
  ['octets', good, 'application/octet-stream'],
  ['an empty content type', withoutType, ''],
  ['no content type', withoutType, undefined],
])('a body sent as %s is refused with 415, and changes nothing', async (_, body, type) => {
  const server = shared()

  const answer = post(server, body, type === undefined ? {} : { 'content-type': type })

  await expectProblem(answer, 415, 'unsupported_media_type')
  expect(readTables(server)).toEqual({ challenges: [], quotas: [] })
})

test.each(['gzip', 'deflate', 'br', 'zstd', 'x-unknown', 'identity, gzip', 'GZIP'])(
  'a body encoded with %s is refused with 415, and is not decoded',
  async (encoding) => {
    const server = shared()

    const answer = post(server, Bun.gzipSync(Buffer.from(good)), { ...json, 'content-encoding': encoding })

    await expectProblem(answer, 415, 'unsupported_media_type')
    expect(readTables(server)).toEqual({ challenges: [], quotas: [] })
  },
)

test.each([
  'application/json; charset=utf-8',
  'application/json;charset=UTF-8',
  'application/json ; charset="utf-8"',
  'Application/JSON',
])('a body of type %s is JSON', async (type) => {
  await using server = await startServer()

  expect((await post(server, good, { 'content-type': type })).status).toBe(200)
  expect(readTables(server).challenges).toHaveLength(1)
})

test('a body of 64 KiB is read, with and without an announced length', async () => {
  await using server = await startServer()
  const unannounced = chunked(padded(limit), 5000)

  expect((await post(server, padded(limit))).status).toBe(200)
  expect((await post(server, unannounced.body)).status).toBe(200)
  expect(unannounced.sent).toBe(limit)
})

test.each<[name: string, body: () => BodyInit]>([
  ['one byte over 64 KiB', () => padded(limit + 1)],
  ['one byte over 64 KiB, in chunks', () => chunked(padded(limit + 1), 5000).body],
  ['a megabyte', () => padded(1024 * 1024)],
  ['a megabyte that is not even JSON', () => 'x'.repeat(1024 * 1024)],
  ['64 KiB of letters of two bytes', () => good + 'é'.repeat(limit / 2)],
])('a body of %s is refused with 413, and changes nothing', async (_, body) => {
  const server = shared()

  await expectProblem(post(server, body()), 413, 'too_large')

  expect(readTables(server)).toEqual({ challenges: [], quotas: [] })
  expect((await server.fetch('/health')).status).toBe(200)
})

test('a body without an end is answered, and not read past the limit', async () => {
  const server = shared()
  const endless = chunked(padded(64 * limit), 4096)

  await expectProblem(post(server, endless.body), 413, 'too_large')

  expect(endless.sent).toBeLessThan(32 * limit)
})
