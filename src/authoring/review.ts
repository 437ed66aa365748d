import { Type } from '@sinclair/typebox'
import type { Question } from '../question.ts'
import { maxLengths } from './authored.ts'
import { toComparable } from './comparable.ts'
import type { ModelClient } from './model/client.ts'
import { reviewRules, reviewTask } from './prompts.ts'

export type Reviewer = ReturnType<typeof createReviewer>

/**
 * `key`: the model's solution is the question's key. `other`: the solution is another option, or the model says that no
 * option or more than one is right. `unclear`: the model names no option.
 */
type Solution = 'key' | 'other' | 'unclear'

type Solvable = Pick<Question, 'title' | 'language' | 'options' | 'correctAnswerId'>

/** Creates a blind review: the model solves the question without its key and explanation. */
export function createReviewer(ask: ModelClient) {
  /** @throws ModelError */
  return async function review(
    question: Solvable,
    signal: AbortSignal,
    /** Background work: a failed call is counted but not logged. */
    { quiet = false } = {},
  ): Promise<Solution> {
    const { options, correctAnswerId } = question
    const user = reviewTask(question)
    const schema = toSchema(options)
    const prompt = { name: 'review', schema, read: readVerdict, system: reviewRules, user, quiet } as const
    const { answer } = await ask(prompt, signal)
    if (answer === null) return 'other'
    const place = findOption(answer, options)
    if (place === -1) return 'unclear'
    return place === correctAnswerId ? 'key' : 'other'
  }
}

/** The reviewer's answer: a reason, then one of the options or `null`. */
function toSchema(options: string[]) {
  // `anyOf` of constants is not in the schemas that all servers accept; an enumeration is.
  const option = Type.Unsafe<string>({ type: 'string', enum: options })
  return Type.Object(
    { reason: Type.String(), answer: Type.Union([option, Type.Null()]) },
    { additionalProperties: false },
  )
}

/** Reads the reviewer's answer; numbers and booleans become texts. `undefined` if there is no `answer`. */
function readVerdict({ answer }: Record<string, unknown>): { answer: string | null } | undefined {
  if (answer === null || typeof answer === 'string') return { answer }
  return typeof answer === 'number' || typeof answer === 'boolean' ? { answer: String(answer) } : undefined
}

/** The place of the only option that the answer names: exactly, or else as the lint compares; -1 without one. */
function findOption(answer: string, options: string[]): number {
  if (options.includes(answer)) return options.indexOf(answer)
  // A comparison takes time that grows with the text, and quotes around an option are short.
  if (answer.length > maxLengths.option + 20) return -1
  const named = toComparable(answer)
  const places = options.flatMap((option, place) => (toComparable(option) === named ? [place] : []))
  return places.length === 1 ? (places[0] ?? -1) : -1
}
