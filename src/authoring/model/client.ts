import type { TObject } from '@sinclair/typebox'
import OpenAI, { APIConnectionError, APIError } from 'openai'
import type { ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions'
import type { EventBus } from '../../events.ts'
import { ModelError, type ModelFault } from '../../failure.ts'
import { fetchWithLimit } from './fetch.ts'
import { createLadder, type Format, mayRefuseFormat } from './ladder.ts'
import { readAnswer, readText, readUsage } from './reading.ts'

/** The longest delay of a timer, in milliseconds. */
const longestTimeoutMs = 2 ** 31 - 1

export type ModelServer = ReturnType<typeof connectModelServer>

/** A client for OpenAI, or for another server with the same API. */
export function connectModelServer({ apiKey, baseURL }: { apiKey: string; baseURL?: string | undefined }) {
  return new OpenAI({
    apiKey,
    baseURL: baseURL ?? null,
    fetch: fetchWithLimit,
    // Generation counts its attempts itself.
    maxRetries: 0,
    // Only the caller's signal ends a call: the SDK's default, ten minutes, could come before the signal.
    timeout: longestTimeoutMs,
    // The SDK would log prompts and answers.
    logLevel: 'off',
  })
}

/**
 * Two messages for the model, the strict schema of its answer, and a tolerant reader: `read` turns an object of the
 * answer into a value, or into `undefined` if the object is not the answer.
 */
type Prompt<T> = {
  name: string
  schema: TObject
  read: (object: Record<string, unknown>) => T | undefined
  system: string
  user: string
}

export type ModelClient = ReturnType<typeof createModelClient>

type Options = {
  openai: ModelServer
  name: string
  reasoningEffort?: string | undefined
  events: EventBus
  /** Monotonic, in milliseconds. */
  clock?: (() => number) | undefined
}

/** One chat model behind the Chat Completions API (https://platform.openai.com/docs/api-reference/chat). */
export function createModelClient(options: Options) {
  const { openai, name, reasoningEffort, events, clock = () => performance.now() } = options
  const ladder = createLadder(clock)

  /**
   * Asks the model and returns the JSON object of its answer. When the server may have refused the response format,
   * the call is repeated with each less strict format; if every format fails, the error of the first one is thrown.
   * @throws ModelError for every failure
   */
  return async function ask<T>(prompt: Prompt<T>, signal: AbortSignal): Promise<T> {
    let failure: ModelError | undefined
    for (const format of ladder.listFormats()) {
      try {
        const completion = await openai.chat.completions.create(toRequest(prompt, format), { signal })
        void events.emit('model.answered', readUsage(completion))
        const answer = readAnswer(readText(completion), prompt.read)
        ladder.onAccepted(format)
        return answer
      } catch (error) {
        failure ??= toModelError(error, signal)
        if (signal.aborted || !mayRefuseFormat(error)) throw failure
      }
    }
    ladder.onAllRefused()
    throw failure
  }

  // Without a temperature and a token limit, because current models refuse both.
  function toRequest({ name: schemaName, schema, system, user }: Prompt<unknown>, format: Format) {
    const bodies = {
      json_schema: {
        type: 'json_schema',
        json_schema: { name: schemaName, strict: true, schema: { ...schema } },
      },
      json_object: { type: 'json_object' },
      text: undefined,
    } as const
    const body = bodies[format]
    return {
      model: name,
      messages: [
        { role: 'system', content: system },
        { role: 'user', content: user },
      ],
      ...(body && { response_format: body }),
      ...(reasoningEffort && { reasoning_effort: reasoningEffort }),
    } as ChatCompletionCreateParamsNonStreaming
  }
}

function toModelError(error: unknown, signal: AbortSignal): ModelError {
  if (error instanceof ModelError) return error
  if (signal.aborted) return new ModelError('timeout')
  if (error instanceof APIConnectionError) {
    return error.cause instanceof ModelError ? error.cause : new ModelError('unreachable')
  }
  if (!(error instanceof APIError)) return new ModelError('malformed')
  return new ModelError(toFault(error.status ?? 0), parseRetryAfter(error.headers))
}

function toFault(status: number): ModelFault {
  if (status === 401 || status === 403) return 'unauthorized'
  if (status === 404) return 'not_found'
  if (status === 429) return 'rate_limited'
  if (status >= 500 || status === 408 || status === 409) return 'server_error'
  return 'bad_request'
}

/** Converts the header's seconds or date (RFC 9110 section 10.2.3) to milliseconds from now; 0 without a header. */
function parseRetryAfter(headers: Headers | undefined): number {
  const value = headers?.get('retry-after') ?? ''
  const milliseconds = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return Math.max(milliseconds || 0, 0)
}
