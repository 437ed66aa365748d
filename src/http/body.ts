import { Elysia } from 'elysia'
import { parseJson } from '../json.ts'
import { limits } from '../limits.ts'
import { problems } from '../problem.ts'

/** The problems that the parsers add to those of a route. */
export const bodyCodes = ['timeout', 'too_large', 'unsupported_media_type'] as const

/**
 * The parsers of the routes that take a body: `jsonBody` returns the parsed value, `rawBody` the bytes that a webhook's
 * signature covers. Both accept `application/json` only, and stop reading at their limit, or after `arrivalMs`
 * milliseconds.
 */
export function bodyParsers(arrivalMs: number) {
  return (
    new Elysia({ name: 'body-parsers', seed: arrivalMs })
      // A parser named `json` would be taken for Elysia's own, which accepts every content type. A name must be an identifier.
      .parser('jsonBody', async ({ request }) =>
        parseJson(await readBody(request, limits.jsonBodyBytes, arrivalMs)),
      )
      .parser('rawBody', ({ request }) => readBody(request, limits.webhookBodyBytes, arrivalMs))
  )
}

/**
 * A refusal leaves a persistent connection open: Bun discards the rest of the body, until the idle time-out at the latest. If the
 * server closed the connection while the client still writes, the client would get a reset, and a proxy would answer 502.
 */
async function readBody(request: Request, limit: number, arrivalMs: number): Promise<Uint8Array> {
  requireJson(request)
  const length = request.headers.get('content-length')
  if (Number(length) > limit) throw problems.tooLarge(limit)
  if (length === null && request.headers.has('trailer')) throw problems.trailerFields()
  // A body cannot exceed its Content-Length; reading it at once costs a fraction of reading a stream.
  const max = closesAfterwards(request) ? limits.discardedBodyBytes : limit
  const bytes = await withTimeout(arrivalMs, (late) =>
    length === null ? readChunks(request.body, { limit, max }, late) : request.bytes(),
  )
  await requireWellFormedEnd(request)
  return bytes
}

/**
 * Refuses a request that Bun refuses. Bun delivers a body before it parses the bytes after it: trailer fields and a
 * malformed next request get Bun's own 400, and Bun closes the connection. Such a request must have no effect.
 */
async function requireWellFormedEnd({ signal }: Request) {
  // Bun runs immediates after it has parsed all bytes that have arrived.
  await new Promise(setImmediate)
  if (signal.aborted) throw problems.connectionClosed()
}

/**
 * Reads the body of a refused request, if its client wants the connection to be closed after the answer, as nginx does
 * by default. If the server closed the connection before the body has arrived, nginx would answer 502.
 */
export async function discardBody(request: Request, arrivalMs: number): Promise<void> {
  if (request.bodyUsed || !closesAfterwards(request)) return
  const max = limits.discardedBodyBytes
  await withTimeout(arrivalMs, (late) => readChunks(request.body, { limit: 0, max }, late)).catch(
    () => undefined,
  )
}

function closesAfterwards({ headers }: Request): boolean {
  return /\bclose\b/i.test(headers.get('connection') ?? '')
}

/** Reads a body of up to `limit` bytes; of a longer one, reads and discards up to `max` bytes. */
async function readChunks(
  body: ReadableStream<Uint8Array> | null,
  { limit, max }: { limit: number; max: number },
  late: Promise<never>,
) {
  const bytes = new Bun.ArrayBufferSink()
  let length = 0
  const reader = body?.getReader()
  try {
    for (;;) {
      const chunk = await Promise.race([reader?.read(), late])
      if (!chunk?.value) break
      length += chunk.value.length
      if (length > max) break
      if (length <= limit) bytes.write(chunk.value)
    }
  } finally {
    await reader?.cancel().catch(() => undefined)
  }
  if (length > limit) throw problems.tooLarge(limit)
  return new Uint8Array(bytes.end() as ArrayBuffer)
}

function requireJson(request: Request) {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  const encoding = request.headers.get('content-encoding')?.trim().toLowerCase()
  // Skip the check when there is no body; the parser reports that.
  const isJson = type === 'application/json' || (type === undefined && !request.body)
  if (!isJson) throw problems.notJson()
  if (encoding && encoding !== 'identity') throw problems.encodedBody()
}

/** Rejects, and so does `late`, when the body takes longer than `limitMs` to arrive. */
async function withTimeout<T>(limitMs: number, read: (late: Promise<never>) => Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(problems.bodyTimeout(limitMs)), limitMs)
  try {
    return await Promise.race([read(late.promise), late.promise])
  } finally {
    clearTimeout(timer)
  }
}
