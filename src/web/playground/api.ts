import type { ChallengeSchema, HistoryItemSchema, HistorySchema } from '../../challenges/schemas.ts'
import type { QuotaSchema } from '../../quota/schemas.ts'

export type ApiRequest = {
  method: 'GET' | 'POST'
  path: string
  headers?: Record<string, string>
  body?: object
}

export type Answered = { request: ApiRequest; status: number; milliseconds: number; body: unknown }

/** The page shows the key, so it needs a server without `REVEAL=after_answer`. */
type Revealed = { correct_answer_id: number; explanation: string }

export type Listed = typeof HistoryItemSchema.static & Revealed
export type History = Omit<typeof HistorySchema.static, 'challenges'> & { challenges: Listed[] }
export type Quota = typeof QuotaSchema.static
/** A challenge, as generated or as listed. */
export type Challenge = Omit<typeof ChallengeSchema.static, 'timestamp'> & Revealed

/** An error with the server's `detail` as its message. `code` is empty if the server did not answer. */
export class ApiError extends Error {
  constructor(
    detail: string,
    readonly code = '',
    readonly type = '',
  ) {
    super(detail)
  }
}

/** Sends a request and returns the answer, whatever its status. @throws ApiError if the server cannot be reached */
export async function send(request: ApiRequest, token?: string): Promise<Answered> {
  const { method, path, body } = request
  const started = performance.now()
  const headers = {
    ...(body && { 'content-type': 'application/json' }),
    ...(token && { authorization: `Bearer ${token}` }),
    ...request.headers,
  }
  const response = await fetch(path, { method, headers, ...(body && { body: JSON.stringify(body) }) }).catch(
    () => {
      throw new ApiError('The server cannot be reached. Is it still running?')
    },
  )
  const answer: unknown = await response.json().catch(() => undefined)
  return { request, status: response.status, milliseconds: performance.now() - started, body: answer }
}

/** Returns the body of a successful answer. @throws ApiError with the problem's `detail` for other answers */
export function readBody<Body>({ status, body }: Answered): Body {
  if (status < 400) return body as Body
  const { detail, code, type } = (body ?? {}) as { detail?: string; code?: string; type?: string }
  throw new ApiError(detail ?? `The server answered ${status}.`, code, type)
}
