import { Elysia } from 'elysia'
import { parseJson } from '../json.ts'
import { Problem } from '../problem.ts'

const kibibyte = 1024
/** How long a client may take to send a body, in milliseconds. */
const arrivalTime = 10_000

/** The rest of a body that did not arrive in time must not be taken for the next request. */
const closing = { headers: { connection: 'close' } }

/**
 * The parsers of the two routes that take a body: `jsonBody` gives the parsed value, `rawBody` the bytes (a
 * signature covers the bytes, not what they mean). Both take `application/json` only, and read no further than their
 * limit.
 */
export const bodyParsers = new Elysia({ name: 'body-parsers' })
  // Names of our own, and identifiers: Elysia would take `json` for its own parser, which takes anything.
  .parser('jsonBody', async ({ request }) => parseJson(await readBody(request, 64 * kibibyte)))
  .parser('rawBody', ({ request }) => readBody(request, 256 * kibibyte))

async function readBody(request: Request, limit: number): Promise<Uint8Array> {
  requireJson(request)
  const length = request.headers.get('content-length')
  if (Number(length) > limit) throw tooLarge(limit)
  if (length === null && request.headers.has('trailer')) {
    throw new Problem('invalid_request', 'Send the body without trailer fields.')
  }
  // A body that says how long it is cannot be longer; to read it at once costs a fraction of a stream.
  const bytes = await inTime((late) =>
    length === null ? readChunks(request.body, limit, late) : request.bytes(),
  )
  await requireWellFormedEnd(request)
  return bytes
}

/**
 * Refuses a request that Bun refuses. Bun hands a body over before it parses the bytes behind it: trailer fields and a
 * malformed next request get Bun's own 400, and the connection is closed. Nothing may be done for such a request.
 */
async function requireWellFormedEnd({ signal }: Request) {
  // Bun runs immediates after it has parsed all that has arrived.
  await new Promise(setImmediate)
  if (signal.aborted)
    throw new Problem('invalid_request', 'The connection closed before the request was accepted.')
}

async function readChunks(body: ReadableStream<Uint8Array> | null, limit: number, late: Promise<never>) {
  const bytes = new Bun.ArrayBufferSink()
  let length = 0
  const reader = body?.getReader()
  try {
    for (;;) {
      const chunk = await Promise.race([reader?.read(), late])
      if (!chunk?.value) return new Uint8Array(bytes.end() as ArrayBuffer)
      length += chunk.value.length
      if (length > limit) throw tooLarge(limit)
      bytes.write(chunk.value)
    }
  } finally {
    await reader?.cancel().catch(() => undefined)
  }
}

/**
 * The connection stays open: Bun discards the rest of the body, until the idle time-out at the latest. If the server closed
 * it while the client still writes, the client would get a reset, and a proxy would answer 502.
 */
function tooLarge(limit: number): Problem {
  return new Problem('too_large', `The body is larger than ${limit / kibibyte} KiB.`)
}

function requireJson(request: Request) {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  const encoding = request.headers.get('content-encoding')?.trim().toLowerCase()
  // Without a body there is nothing to be of another type: that it is missing is said later.
  const isJson = type === 'application/json' || (type === undefined && !request.body)
  if (!isJson) throw new Problem('unsupported_media_type', 'Send the body as application/json.')
  if (encoding && encoding !== 'identity') {
    throw new Problem('unsupported_media_type', 'Send the body without a content encoding.')
  }
}

/** What `read` resolves with, unless it is too late; then `late` rejects too. */
async function inTime<T>(read: (late: Promise<never>) => Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => late.reject(new Problem('timeout', 'The body did not arrive in time.', closing)),
    arrivalTime,
  )
  try {
    return await Promise.race([read(late.promise), late.promise])
  } finally {
    clearTimeout(timer)
  }
}
