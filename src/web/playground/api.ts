import type { ProgressSchema } from '../../answers/progress-schemas.ts'
import type { AnswerSchema } from '../../answers/schemas.ts'
import type { ChallengeSchema, HistoryItemSchema, HistorySchema } from '../../challenges/schemas.ts'
import type { QuotaSchema } from '../../quota/schemas.ts'
import type { TopicsSchema } from '../../topics/routes.ts'

export type ApiRequest = {
  method: 'GET' | 'POST'
  path: string
  headers?: Record<string, string>
  body?: object
}

/** A request and its answer. */
export type Exchange = { request: ApiRequest; status: number; milliseconds: number; body: unknown }

export type Listed = typeof HistoryItemSchema.static
export type History = typeof HistorySchema.static
export type Quota = typeof QuotaSchema.static
export type Progress = typeof ProgressSchema.static
export type Recorded = typeof AnswerSchema.static
export type Topics = typeof TopicsSchema.static
export type Topic = Topics['topics'][number]
/** A challenge, as generated or as listed. */
export type Challenge = Omit<typeof ChallengeSchema.static, 'timestamp'>

/** An error with the server's `detail` as its message. `code` is empty if the server sent no problem details. */
export class ApiError extends Error {
  constructor(
    detail: string,
    readonly code = '',
    readonly type = '',
  ) {
    super(detail)
  }
}

/**
 * Sends a request and returns the answer, whatever its status.
 * @throws ApiError if no answer arrives, or if the signal aborts
 */
export async function send(request: ApiRequest, token?: string, signal?: AbortSignal): Promise<Exchange> {
  const { method, path, body } = request
  const started = performance.now()
  const headers = {
    ...(body && { 'content-type': 'application/json' }),
    ...(token && { authorization: `Bearer ${token}` }),
    ...request.headers,
  }
  try {
    const response = await fetch(path, {
      ...{ method, headers },
      ...(body && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    })
    // The connection can break after the status has arrived.
    const text = await response.text()
    const milliseconds = performance.now() - started
    return { request, status: response.status, milliseconds, body: parseJson(text) }
  } catch {
    throw new ApiError(describeSilence(signal))
  }
}

function describeSilence(signal: AbortSignal | undefined): string {
  if (signal?.aborted) return 'Cancelled.'
  if (!navigator.onLine) return 'This device is offline. Try again when it is online.'
  return 'The server cannot be reached. Is it still running?'
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Returns the body of a successful answer. @throws ApiError with the problem's `detail` for other answers */
export function readBody<Body>({ status, body }: Exchange): Body {
  if (status < 400 && body !== undefined) return body as Body
  const { detail, code, type } = (body ?? {}) as { detail?: string; code?: string; type?: string }
  throw new ApiError(detail ?? `The server answered ${status}.`, code, type)
}
