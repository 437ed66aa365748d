import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'

/** A wrong option; `misconception` tells why one would choose it and why it is wrong, `null` if that is not known. */
export type AuthoredDistractor = { text: string; misconception: string | null }

/** A question as its author writes it. `prints`: the answer is exactly what the code prints. */
export type Authored = {
  question: string
  code: string | null
  prints: boolean
  explanation: string
  answer: string
  distractors: AuthoredDistractor[]
}

/** The maximum length of each part, in UTF-16 code units. */
export const maxLengths = { question: 800, code: 3000, explanation: 2500, option: 300, misconception: 600 }

const Distractor = Type.Object(
  { misconception: Type.String(), text: Type.String() },
  { additionalProperties: false },
)

/**
 * The author's answer. The explanation comes before the answer, so that the model reasons first. The answer is a text
 * and not an index, because models favour certain indexes. The distractors are named members, because no schema that
 * all servers accept can count the elements of an array.
 */
export const AuthoredSchema = Type.Object(
  {
    question: Type.String(),
    code: Type.String(),
    prints: Type.Boolean(),
    explanation: Type.String(),
    answer: Type.String(),
    distractors: Type.Object(
      { first: Distractor, second: Distractor, third: Distractor },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
)

/** Reads the author's answer. `undefined` if the object is not a question. */
export function readAuthored(object: Record<string, unknown>): Authored | undefined {
  const { distractors: given, ...rest } = object
  const distractors = Object.values(typeof given === 'object' && given !== null ? given : {}).map(
    (distractor: unknown) =>
      typeof distractor === 'string' ? { text: distractor, misconception: '' } : distractor,
  )
  const value = { ...rest, code: object.code ?? '', prints: object.prints ?? false, distractors }
  if (!Value.Check(Readable, value)) return undefined
  return {
    question: toUnixLines(value.question, maxLengths.question),
    code: stripFence(toUnixLines(value.code, maxLengths.code)),
    prints: value.prints,
    explanation: toUnixLines(value.explanation, maxLengths.explanation),
    answer: toUnixLines(value.answer, maxLengths.option),
    distractors: value.distractors.map(({ text, misconception }) => ({
      text: toUnixLines(text, maxLengths.option),
      misconception: toUnixLines(misconception ?? '', maxLengths.misconception) || null,
    })),
  }
}

/** Reads `\r\n` and `\r` as a newline. A text over its limit is returned unchanged for the lint to reject. */
function toUnixLines(text: string, limit: number): string {
  return text.length > limit ? text : text.replace(/\r\n?/g, '\n')
}

const Readable = Type.Object({
  ...AuthoredSchema.properties,
  distractors: Type.Array(
    Type.Object({ text: Type.String(), misconception: Type.Union([Type.String(), Type.Null()]) }),
  ),
})

/**
 * Removes the fence that some models put around the code; `null` for blank code. Code over the limit is returned
 * unchanged for the lint to reject, because the expression takes quadratic time.
 */
function stripFence(code: string): string | null {
  if (code.length > maxLengths.code) return code
  const [, , inside] = /^\s*(`{3,})[^\n`]*\n([\s\S]*?)\n?\1\s*$/.exec(code) ?? []
  // A second fence inside shows that the outer fence belongs to the code.
  const inner = inside === undefined || inside.includes('```') ? code : inside
  return inner.trim() ? inner : null
}
