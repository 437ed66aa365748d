import { type Static, Type } from '@sinclair/typebox'
import type { Difficulty } from '../question.ts'
import { limits } from './lint.ts'
import type { ModelClient } from './model-client.ts'
import { authorRules, authorTask } from './prompts.ts'

/** A challenge as its author writes it: the explanation before the answer, and no index, since models favour one. */
export const Authored = Type.Object(
  {
    question: Type.String(),
    code: Type.Union([Type.String(), Type.Null()]),
    explanation: Type.String(),
    answer: Type.String(),
    distractors: Type.Array(Type.String()),
  },
  { additionalProperties: false },
)

export type Authored = Static<typeof Authored>

export type Author = ReturnType<typeof createAuthor>

/** The author: one call of the model writes one challenge. */
export function createAuthor(ask: ModelClient) {
  /** @throws ModelError */
  return async function write(
    difficulty: Difficulty,
    recentTitles: string[],
    signal: AbortSignal,
  ): Promise<Authored> {
    const user = authorTask(difficulty, recentTitles)
    const authored = await ask({ name: 'challenge', schema: Authored, system: authorRules, user }, signal)
    return { ...authored, code: plainCode(authored.code) }
  }
}

/**
 * The code without the fence that models put around it all the same; `null` if there is none. Code that is too long is
 * left as it is, for the lint to reject: to find its fence could take time in proportion to its length squared.
 */
function plainCode(code: string | null): string | null {
  if (code !== null && code.length > limits.code) return code
  const [, , inside] = /^\s*(`{3,})[^\n`]*\n([\s\S]*?)\n?\1\s*$/.exec(code ?? '') ?? []
  // With another fence inside it is a text of its own, whose first and last line belong to it.
  const inner = inside === undefined || inside.includes('```') ? code : inside
  return inner?.trim() ? inner : null
}
