import type { Static, TObject } from '@sinclair/typebox'
import type OpenAI from 'openai'
import { APIConnectionError, APIError } from 'openai'
import type { ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions'
import type { EventBus } from '../events.ts'
import { ModelError, type ModelFault } from '../failure.ts'
import { createLadder, type Format, mayRefuseFormat } from './model-ladder.ts'
import { readObject, readText, readUsage } from './model-reading.ts'

/** What the model is asked: two messages, and the shape of the JSON that it must answer with. */
type Question<T extends TObject> = { name: string; schema: T; system: string; user: string }

export type ModelClient = ReturnType<typeof createModelClient>

type Options = {
  openai: OpenAI
  name: string
  reasoningEffort?: string | undefined
  events: EventBus
  /** In milliseconds; it never goes back. */
  clock?: (() => number) | undefined
}

/** One chat model behind the Chat Completions API (https://platform.openai.com/docs/api-reference/chat). */
export function createModelClient(options: Options) {
  const { openai, name, reasoningEffort, events, clock = () => performance.now() } = options
  const ladder = createLadder(clock)

  /**
   * Asks once, and gives the answer's JSON, which fits the schema. Where the server may have refused the response format,
   * each lower one is tried once; if none of them works, the first failure counts.
   * @throws ModelError whatever goes wrong.
   */
  return async function ask<T extends TObject>(
    question: Question<T>,
    signal: AbortSignal,
  ): Promise<Static<T>> {
    let failure: ModelError | undefined
    for (const format of ladder.rungs()) {
      try {
        const completion = await openai.chat.completions.create(requestOf(question, format), { signal })
        void events.emit('model.answered', readUsage(completion))
        const object = readObject(question.schema, readText(completion))
        ladder.worked(format)
        return object
      } catch (error) {
        failure ??= toModelError(error, signal)
        if (signal.aborted || !mayRefuseFormat(error)) throw failure
      }
    }
    ladder.refusedAll()
    throw failure
  }

  // No temperature and no token limit: current models refuse them.
  function requestOf({ name: schemaName, schema, system, user }: Question<TObject>, format: Format) {
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
  return new ModelError(faultOf(error.status ?? 0), retryAfterOf(error.headers))
}

function faultOf(status: number): ModelFault {
  if (status === 401 || status === 403) return 'unauthorized'
  if (status === 404) return 'not_found'
  if (status === 429) return 'rate_limited'
  if (status >= 500 || status === 408 || status === 409) return 'server_error'
  return 'bad_request'
}

/** Seconds or a date (RFC 9110 section 10.2.3), as milliseconds from now. */
function retryAfterOf(headers: Headers | undefined): number {
  const value = headers?.get('retry-after') ?? ''
  const milliseconds = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return Math.max(milliseconds || 0, 0)
}
