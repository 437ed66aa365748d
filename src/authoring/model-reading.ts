import type { Static, TObject } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import type { ChatCompletion } from 'openai/resources/chat/completions'
import { ModelError } from '../failure.ts'

/** Tokens of one call, as the model counted them; 0 where it does not. */
export function readUsage(completion: ChatCompletion) {
  const tokens = (count: unknown) => (Number.isSafeInteger(count) ? Math.max(Number(count), 0) : 0)
  const usage = completion?.usage
  return { input: tokens(usage?.prompt_tokens), output: tokens(usage?.completion_tokens) }
}

/** The text of a whole, willing answer. The SDK passes on what the server sent, whatever it is. @throws ModelError */
export function readText(completion: ChatCompletion): string {
  const choice = Array.isArray(completion?.choices) ? completion.choices[0] : undefined
  if (choice?.finish_reason === 'length') throw new ModelError('truncated')
  if (choice?.finish_reason === 'content_filter') throw new ModelError('filtered')
  if (choice?.message?.refusal) throw new ModelError('refusal')
  const content: unknown = choice?.message?.content
  if (typeof content !== 'string') throw new ModelError('malformed')
  return content
}

/**
 * The JSON in an answer; models without a response format think aloud first, or wrap it in a fence or in words.
 * The text may be as long as an answer may be, and hold anything: each step takes time in proportion to its length.
 * @throws ModelError
 */
export function readObject<T extends TObject>(schema: T, text: string): Static<T> {
  const spoken = text.slice(text.lastIndexOf('</think>') + 1)
  const braces = spoken.slice(spoken.indexOf('{'), spoken.lastIndexOf('}') + 1)
  for (const candidate of new Set([text, braces])) {
    const value = pickMembers(schema, parseJson(candidate))
    if (Value.Check(schema, value)) return value
  }
  throw new ModelError('malformed')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The members that the schema names. Local models like to add others: those are never looked at. */
function pickMembers(schema: TObject, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  const members = new Map(Object.keys(schema.properties).map((name) => [name, value[name as keyof object]]))
  return Object.fromEntries(members)
}
