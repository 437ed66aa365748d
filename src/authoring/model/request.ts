import type { TObject } from '@sinclair/typebox'
import type { ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions'
import type { Format } from './ladder.ts'
import type { Read } from './objects.ts'

/**
 * Two messages for the model, the strict schema of its answer, and a tolerant reader: `read` turns an object of the
 * answer into a value, or into `undefined` if the object is not the answer.
 */
export type Prompt<T> = {
  name: string
  schema: TObject
  read: Read<T>
  system: string
  user: string
  /** Whether a failed call is only counted, not logged. */
  quiet?: boolean
}

/** The body of a call, without a temperature and a token limit, because current models refuse both. */
export function toRequest(
  model: string,
  { name, schema, system, user }: Prompt<unknown>,
  { format, effort }: { format: Format; effort?: string | undefined },
): ChatCompletionCreateParamsNonStreaming {
  const bodies = {
    json_schema: { type: 'json_schema', json_schema: { name, strict: true, schema: { ...schema } } },
    json_object: { type: 'json_object' },
    text: undefined,
  } as const
  const body = bodies[format]
  return {
    model,
    messages: [
      { role: 'system', content: system },
      { role: 'user', content: user },
    ],
    ...(body && { response_format: body }),
    ...(effort && { reasoning_effort: effort }),
  } as ChatCompletionCreateParamsNonStreaming
}
