import type { Rejection } from '../failure.ts'
import { type Authored, maxLengths } from './authored.ts'
import { toComparable } from './comparable.ts'
import { isUnsafeMarkdown } from './markdown.ts'

/**
 * Characters that must not be displayed: controls (NUL included) except newline and tab, invisible separators and
 * blanks, and bidirectional controls, which change the reading order (https://trojansource.codes). Joiners are allowed:
 * emoji and some scripts need them.
 */
const unsafeCharacters = /(?![\n\t])\p{Cc}|\p{Bidi_Control}|[\u00ad\u200b\u2028\u2029\u2060-\u2064\ufeff]/u

/**
 * More combining marks in a row than the stream-safe format allows
 * (https://unicode.org/reports/tr15/#Stream_Safe_Text_Format): normalising a run of marks takes quadratic time.
 */
const excessiveMarks = /\p{M}{31}/u

/** Matches "A) …", "b. …" and "Option C", but not an arrow function `(a) => …` or a member `a.b`. */
const labelled =
  /^\s*(?:[A-Da-d1-4]\)|\([A-Da-d]\)\s+(?=[\w"'`$])|[A-Da-d1-4]\.\s|[A-D]:\s|\*\*[A-Da-d1-4][).]|[Oo]ption\s+[A-Da-d1-4]\b)/

/** Matches options that refer to other options. */
const metaOption =
  /\b(?:all|none|any|both|neither|some) of (?:the|these|those) (?:above|options|answers|choices|others)\b|\b(?:all|none|both|neither)(?: of)?(?: the| these)? above\b|^(?:all|none|both|neither) of (?:these|those|them)\W*$|^both [a-d] and [a-d]\W*$/i

/**
 * Match phrases that refer to a piece of code: "the following query", "this snippet", "the code below". They do not
 * match "which of the following functions", which refers to the options, or "the status code".
 */
const codeReferences = [
  /(?<!\b(?:which|one|any|each|all|none|some|two|three) of )\b(?:the|this) (?:following|below|above|given) (?:(?!is\b|are\b)\S+ ){0,2}(?:code|snippet|program|script|function|class|query|loop|method|command|expression)\b/i,
  /\b(?:code|snippet|program|function|query|script|command) (?:below|above|shown)\b/i,
  /\bthis (?:code|snippet|program|script|function|class|query|loop|expression)\b/i,
  /\b(?:does|do|will|would|of|in|by) the (?:code|snippet)\b(?! (?:review|base|point|path))/i,
  /\bthe following (?:print|output|return|log|evaluate)s?\b/i,
]

/**
 * Returns the first rule of form that the question breaks; the review judges its meaning. Counts and lengths come
 * first, because later checks take more than linear time.
 */
export function lint({ question, code, explanation, answer, distractors }: Authored): Rejection | undefined {
  if (distractors.length !== 3) return 'option_count'
  const options = [answer, ...distractors.map(({ text }) => text)]
  if (isTooLong(question, code, explanation, options)) return 'too_long'
  if ([question, explanation, code ?? '', ...options].some(isUnsafeText)) return 'unsafe_characters'
  if ([question, explanation, ...options].some((text) => toComparable(text) === '')) return 'empty'
  if (options.some((option) => option !== option.trim())) return 'untrimmed'
  const [key, ...others] = options.map(toComparable)
  if (others.some((other) => other === key)) return 'answer_repeated'
  if (new Set(others).size !== others.length) return 'options_repeated'
  if (options.some((option) => labelled.test(option.normalize('NFKC')))) return 'labelled'
  if (options.some((option) => metaOption.test(toOneLine(option)))) return 'meta_option'
  if (
    code === null &&
    codeReferences.some((pattern) => pattern.test(toOneLine(question))) &&
    !question.includes('```')
  )
    return 'missing_code'
  if (isUnsafeMarkdown(question) || isUnsafeMarkdown(explanation)) return 'raw_html'
  return undefined
}

function isTooLong(question: string, code: string | null, explanation: string, options: string[]): boolean {
  return (
    question.length > maxLengths.question ||
    (code?.length ?? 0) > maxLengths.code ||
    explanation.length > maxLengths.explanation ||
    options.some((option) => option.length > maxLengths.option)
  )
}

function isUnsafeText(text: string): boolean {
  return unsafeCharacters.test(text) || excessiveMarks.test(text) || !text.isWellFormed()
}

function toOneLine(text: string): string {
  return text.replace(/\s+/g, ' ')
}
