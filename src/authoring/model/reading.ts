import type { ChatCompletion } from 'openai/resources/chat/completions'
import { ModelError } from '../../failure.ts'

/** The tokens of one call, as the model counted them; 0 if the server sends no count. */
export function readUsage(completion: ChatCompletion) {
  const tokens = (count: unknown) => (Number.isSafeInteger(count) ? Math.max(Number(count), 0) : 0)
  const usage = completion?.usage
  return { input: tokens(usage?.prompt_tokens), output: tokens(usage?.completion_tokens) }
}

/**
 * The text of a complete answer. Every member is checked here: the SDK returns the server's JSON unchecked.
 * @throws ModelError `truncated`, `filtered`, `refusal` or `malformed`
 */
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
 * Reads the first JSON object of the text that `read` accepts. Models without a response format put reasoning, a fence
 * or prose around it. The text is untrusted, so every step takes linear time.
 * @throws ModelError `malformed`
 */
export function readAnswer<T>(text: string, read: (object: Record<string, unknown>) => T | undefined): T {
  const conclusion = text.slice(text.lastIndexOf('</think>') + 1)
  const braces = conclusion.slice(conclusion.indexOf('{'), conclusion.lastIndexOf('}') + 1)
  for (const candidate of new Set([text, braces])) {
    const value = parseJson(candidate)
    const answer = typeof value === 'object' && value !== null ? read({ ...value }) : undefined
    if (answer !== undefined) return answer
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
