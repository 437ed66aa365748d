import { Type } from '@sinclair/typebox'

/** A wrong option. `misconception`: why a learner would choose it, and why it is wrong; `null` if that is not known. */
type AuthoredDistractor = { text: string; misconception: string | null }

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

/**
 * Reads the author's answer. `undefined` if the object is not a question. The number of distractors is left to the
 * lint, and so is everything about the texts.
 */
export function readAuthored(object: Record<string, unknown>): Authored | undefined {
  const question = toText(object.question)
  const explanation = toText(object.explanation)
  const answer = readOption(object.answer)?.text
  const distractors = readDistractors(object.distractors)
  const code = toText(object.code ?? '')
  if (question === undefined || explanation === undefined || answer === undefined) return undefined
  if (code === undefined || !distractors) return undefined
  const prints = /^true$/i.test(toText(object.prints) ?? '')
  return { question, code: toCode(code), prints, explanation, answer, distractors }
}

/**
 * A text with Unix newlines, or a number or a boolean as a text. A text over every limit is returned unchanged for the
 * lint to reject.
 */
function toText(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value !== 'string') return undefined
  return value.length > maxLengths.code ? value : value.replace(/\r\n?/g, '\n')
}

/** Reads an array, or an object with any names. `undefined` if there is none, or if an element is no option. */
function readDistractors(value: unknown): AuthoredDistractor[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const options = Object.values(value).map(readOption)
  return options.every((option) => option !== undefined) ? options : undefined
}

/** Reads a text, or an object with the text and perhaps the misconception behind it. */
function readOption(value: unknown): AuthoredDistractor | undefined {
  const plain = toText(value)
  if (plain !== undefined) return { text: plain, misconception: null }
  if (typeof value !== 'object' || value === null) return undefined
  const members = new Map<string, unknown>(Object.entries(value))
  const find = (names: string[]) =>
    toText(names.map((name) => members.get(name)).find((member) => member !== undefined))
  const text = find(['text', 'option', 'answer', 'distractor', 'value'])
  const misconception = find(['misconception', 'reason', 'explanation', 'why'])
  return text === undefined
    ? undefined
    : { text, misconception: misconception?.trim() ? misconception : null }
}

/** The code without a fence around it; `null` for blank code, and for a word that says that there is none. */
function toCode(text: string): string | null {
  const says = /^\s{0,9}(?:null|none|n\/a|undefined|false)\s{0,9}$/i.test(text)
  return says ? null : stripFence(text)
}

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
