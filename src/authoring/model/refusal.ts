import { APIConnectionError } from 'openai'
import { ModelError, type ModelFault } from '../../failure.ts'

/** A refusal is classified by the first characters of its text. */
const maxText = 16 * 1024

/**
 * The server refused a request: an error status, a redirect, or a page instead of an answer. The text is the server's
 * own: it is only searched, and never logged or returned.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly text: string
  constructor(
    readonly status: number,
    text: string,
    readonly headers: Headers,
  ) {
    super(`status ${status}`)
    this.text = text.slice(0, maxText)
  }
}

/** The refusal that made the SDK throw, if one did. */
export function findRefusal(error: unknown): Refusal | undefined {
  const cause = error instanceof APIConnectionError ? error.cause : error
  return cause instanceof Refusal ? cause : undefined
}

/** Converts any error of a call. */
export function toModelError(error: unknown, signal: AbortSignal): ModelError {
  if (error instanceof ModelError) return error
  if (signal.aborted) return new ModelError('timeout')
  const refusal = findRefusal(error)
  if (refusal) return new ModelError(toFault(refusal), parseRetryAfter(refusal.headers))
  if (!(error instanceof APIConnectionError)) return new ModelError('malformed')
  if (error.cause instanceof ModelError) return error.cause
  return new ModelError(wasConnected(error.cause) ? 'connection_lost' : 'unreachable')
}

/** Whether the connection broke after it was made; otherwise there was none. */
function wasConnected(cause: unknown): boolean {
  return /RESET|EPIPE|CLOSED|ABORTED/i.test(String((cause as { code?: unknown } | undefined)?.code))
}

const words = {
  contentFilter: /content_filter|content_policy|ResponsibleAIPolicy|flagged_input/i,
  badSample: /json_validate_failed/i,
  unknownModel:
    /model_not_found|invalid[ _]model|unknown[ _]model|not a valid model|model[^{}]{0,200}(?:not found|not exist|not available)|DeploymentNotFound|no endpoints found for/i,
  refusedKey: /(?:invalid|incorrect|wrong)[ _]api[ _]?key|api[ _]?key[ _](?:is )?(?:not valid|invalid)/i,
  unpaid: /insufficient[ _](?:quota|balance|credits?|funds)/i,
  noSuchPath: /unexpected endpoint|invalid url/i,
  /** Ollama says of some models that they do not support thinking. */
  reasoningEffort: /reasoning.?effort|support[^.{}]{0,80}thinking|thinking[^.{}]{0,80}support/i,
}

/** Statuses by which servers refuse a response format or a parameter. The same statuses have other causes too. */
const refusalStatuses = [400, 404, 415, 422, 500, 501]

/** Whether the response format may be the cause. Servers name it in too many ways, so the status decides. */
export function mayRefuseFormat({ status, text }: Refusal): boolean {
  return refusalStatuses.includes(status) && !words.contentFilter.test(text)
}

/** Whether the server says that it refuses `reasoning_effort`. */
export function refusesReasoningEffort({ status, text }: Refusal): boolean {
  return refusalStatuses.includes(status) && words.reasoningEffort.test(text)
}

/** Whether the model wrote JSON that breaks its schema (Groq): the server accepts the format. */
export function isBadSample({ text }: Refusal): boolean {
  return words.badSample.test(text)
}

function toFault({ status, text }: Refusal): ModelFault {
  if (words.contentFilter.test(text) && status < 500) return 'filtered'
  if (status < 300) return 'wrong_path'
  if (status < 400) return 'redirected'
  if (isUnpaid(status, text)) return 'unpaid'
  if (status === 401 || status === 403) return 'unauthorized'
  if (status === 404)
    return isApiError(text) && /model|deployment|endpoints found/i.test(text) ? 'not_found' : 'wrong_path'
  if (status === 405) return 'wrong_path'
  if (status === 429) return 'rate_limited'
  if (status >= 500 || status === 408 || status === 409) return 'server_error'
  if (status !== 400 && status !== 422) return 'bad_request'
  if (words.badSample.test(text)) return 'malformed'
  if (words.refusedKey.test(text)) return 'unauthorized'
  return words.unknownModel.test(text) ? 'not_found' : 'bad_request'
}

/** Whether the account has no credit. OpenAI then answers 429, as for too many requests. */
function isUnpaid(status: number, text: string): boolean {
  return status === 402 || ((status === 403 || status === 429) && words.unpaid.test(text))
}

/** Whether the text is a JSON error of the API, in contrast to the page of a web server. */
function isApiError(text: string): boolean {
  return /^\s*[[{]/.test(text) && /"(?:error|message|code)"/.test(text)
}

/** The fault of an error in an answer with status 200: by its code, if that is a status. */
export function toErrorFault(error: unknown): ModelFault {
  const text = (JSON.stringify(error) ?? '').slice(0, maxText)
  const code = Number(/"(?:code|status)":"?(\d{3})\b/.exec(text)?.[1] ?? Number.NaN)
  if (words.noSuchPath.test(text)) return 'wrong_path'
  if (words.contentFilter.test(text)) return 'filtered'
  if (isUnpaid(code, text)) return 'unpaid'
  if (code === 429) return 'rate_limited'
  if (code === 401 || code === 403) return 'unauthorized'
  return code === 404 ? 'not_found' : 'error_in_answer'
}

/** Converts the header's seconds or date (RFC 9110 section 10.2.3) to milliseconds from now; 0 without a header. */
function parseRetryAfter(headers: Headers): number {
  const value = headers.get('retry-after') ?? ''
  const milliseconds = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return Math.max(milliseconds || 0, 0)
}
