import type { ChatCompletion } from 'openai/resources/chat/completions'
import { ModelError } from '../../failure.ts'
import { createParseBudget } from './lenient-json.ts'
import { type Read, readObject } from './objects.ts'
import { toErrorFault } from './refusal.ts'

/** A completion as far as its shape is known: the SDK returns the server's JSON unchecked. */
type Loose = { [name: string]: Loose } | Loose[] | string | number | boolean | null | undefined

const filterReason = /content.?filter|safety|prohibited|recitation/i

/** The tokens of one call, as the model counted them; 0 if the server sends no count. */
export function readUsage(completion: ChatCompletion) {
  const tokens = (count: unknown) => (Number.isSafeInteger(count) ? Math.max(Number(count), 0) : 0)
  const usage = completion?.usage
  return { input: tokens(usage?.prompt_tokens), output: tokens(usage?.completion_tokens) }
}

/**
 * Reads the first JSON object of a complete answer that `read` accepts.
 * @throws ModelError `truncated`, `filtered`, `refusal` or `malformed`, or the fault of an error in the answer
 */
export function readAnswer<T>(completion: ChatCompletion, read: Read<T>): T {
  const root = completion as unknown as Loose
  const choice = get(get(root, 'choices'), 0)
  const error = get(root, 'error') ?? get(choice, 'error')
  if (error && !get(choice, 'message')) throw new ModelError(toErrorFault(error))
  const reason = String(get(choice, 'finish_reason'))
  if (reason === 'error') throw new ModelError(toErrorFault(error))
  if (reason === 'length') throw new ModelError('truncated')
  if (filterReason.test(reason)) throw new ModelError('filtered')
  const message = get(choice, 'message')
  if (get(message, 'refusal')) throw new ModelError('refusal')
  const budget = createParseBudget()
  for (const text of listTexts(message)) {
    const answer = readObject(text, read, budget)
    if (answer !== undefined) return answer
  }
  throw new ModelError('malformed')
}

/** The texts of a message that may hold the answer. Reasoning counts only if there is no content. */
function listTexts(message: Loose): string[] {
  const content = toText(get(message, 'content'))
  const calls = get(message, 'tool_calls')
  const functions = [
    ...(Array.isArray(calls) ? calls : []).map((call) => get(call, 'function')),
    get(message, 'function_call'),
  ]
  const callTexts = functions.map((called) => toText(get(called, 'arguments')))
  const reasoning = ['reasoning_content', 'reasoning'].map((name) => toText(get(message, name)))
  return [content, ...callTexts, ...(content.trim() ? [] : reasoning)].filter((text) => text.trim())
}

/** The text of a member: a text, content parts, or an object in place of the text of a part. */
function toText(value: Loose): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(toPartText).join('')
  return value && typeof value === 'object' ? JSON.stringify(value) : ''
}

/** The text of a content part; '' for thoughts and other kinds. */
function toPartText(part: Loose): string {
  if (typeof part === 'string') return part
  const text = get(part, 'text')
  const isText = /^(?:output_)?text$/.test(String(get(part, 'type') ?? 'text'))
  return isText && typeof text === 'string' ? text : ''
}

function get(value: Loose, name: string | number): Loose {
  return value && typeof value === 'object' ? (value as Record<string | number, Loose>)[name] : undefined
}
