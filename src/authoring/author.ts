import { type Static, Type } from '@sinclair/typebox'
import type { Difficulty } from '../question.ts'
import type { ModelClient } from './model/client.ts'
import { authorRules, authorTask } from './prompts.ts'

/**
 * The author's answer. The explanation comes before the answer, so that the model reasons first. The answer is a text
 * and not an index, because models favour certain indexes.
 */
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

/** The maximum length of each part, in UTF-16 code units. */
export const maxLengths = { question: 800, code: 3000, explanation: 2500, option: 300 }

export type Author = ReturnType<typeof createAuthor>

export function createAuthor(ask: ModelClient) {
  /** Writes one question with one call of the model. @throws ModelError */
  return async function write(
    difficulty: Difficulty,
    recentTitles: string[],
    signal: AbortSignal,
  ): Promise<Authored> {
    const user = authorTask(difficulty, recentTitles)
    const authored = await ask({ name: 'challenge', schema: Authored, system: authorRules, user }, signal)
    return { ...authored, code: stripFence(authored.code) }
  }
}

/**
 * Removes the fence that some models put around the code; `null` for blank code. Code over the limit is returned
 * unchanged for the lint to reject, because the expression takes quadratic time.
 */
function stripFence(code: string | null): string | null {
  if (code !== null && code.length > maxLengths.code) return code
  const [, , inside] = /^\s*(`{3,})[^\n`]*\n([\s\S]*?)\n?\1\s*$/.exec(code ?? '') ?? []
  // A second fence inside shows that the outer fence belongs to the code.
  const inner = inside === undefined || inside.includes('```') ? code : inside
  return inner?.trim() ? inner : null
}
