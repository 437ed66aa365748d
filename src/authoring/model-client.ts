import type { Static, TObject } from '@sinclair/typebox'
import type OpenAI from 'openai'
import { APIConnectionError, APIError } from 'openai'
import type { ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions'
import type { EventBus } from '../events.ts'
import { ModelError, type ModelFault } from './failure.ts'
import { readObject, readText, readUsage } from './model-reading.ts'

/** What the model is asked: two messages, and the shape of the JSON that it must answer with. */
type Question<T extends TObject> = { name: string; schema: T; system: string; user: string }

export type ModelClient = ReturnType<typeof createModelClient>

type Options = {
  openai: OpenAI
  name: string
  reasoningEffort?: string | undefined
  events: EventBus
}

/** From the strictest response format to none; a server that refuses one is asked with the next from then on. */
const ladder = ['json_schema', 'json_object', 'text'] as const

/** One chat model behind the Chat Completions API (https://platform.openai.com/docs/api-reference/chat). */
export function createModelClient({ openai, name, reasoningEffort, events }: Options) {
  let rung = 0

  /**
   * Asks once, and gives the answer's JSON, which fits the schema.
   * @throws ModelError whatever goes wrong.
   */
  return async function ask<T extends TObject>(
    question: Question<T>,
    signal: AbortSignal,
  ): Promise<Static<T>> {
    for (;;) {
      const tried = rung
      try {
        const completion = await openai.chat.completions.create(requestOf(question, tried), { signal })
        void events.emit('model.answered', readUsage(completion))
        return readObject(question.schema, readText(completion))
      } catch (error) {
        if (tried === ladder.length - 1 || !refusesFormat(error)) throw toModelError(error, signal)
        rung = Math.max(rung, tried + 1)
      }
    }
  }

  // No temperature and no token limit: current models refuse them.
  function requestOf({ name: schemaName, schema, system, user }: Question<TObject>, tried: number) {
    const formats = {
      json_schema: {
        type: 'json_schema',
        json_schema: { name: schemaName, strict: true, schema: { ...schema } },
      },
      json_object: { type: 'json_object' },
      text: undefined,
    } as const
    const format = formats[ladder[tried] ?? 'text']
    return {
      model: name,
      messages: [
        { role: 'system', content: system },
        { role: 'user', content: user },
      ],
      ...(format && { response_format: format }),
      ...(reasoningEffort && { reasoning_effort: reasoningEffort }),
    } as ChatCompletionCreateParamsNonStreaming
  }
}

function refusesFormat(error: unknown): boolean {
  if (!(error instanceof APIError) || error.status !== 400) return false
  return `${error.message} ${error.param} ${JSON.stringify(error.error)}`.includes('response_format')
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
