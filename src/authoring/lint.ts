import type { Rejection } from '../failure.ts'
import type { Authored } from './author.ts'
import { isUnsafeMarkdown } from './markdown.ts'

/** The most characters (UTF-16 code units) of each part. */
export const limits = { question: 800, code: 3000, explanation: 2500, option: 300 }

/**
 * What cannot be shown to a person: NUL and other controls except newline and tab, lone surrogates, separators and
 * blanks that nobody sees, and the marks that make text read in another order than it is written
 * (https://trojansource.codes). Joiners are let through: emoji and scripts need them.
 */
const unsafeCharacters = /(?![\n\t])\p{Cc}|\p{Bidi_Control}|[\u00ad\u200b\u2028\u2029\u2060-\u2064\ufeff]/u

/**
 * More combining marks on one character than any language needs (https://unicode.org/reports/tr15/#Stream_Safe_Text_Format):
 * to normalise a run of marks takes time in proportion to its length squared.
 */
const piledMarks = /\p{M}{31}/u

/** "A) …", "b. …", "Option C"; but not an arrow function `(a) => …`, nor `a.b`. */
const labelled =
  /^\s*(?:[A-Da-d1-4]\)|\([A-Da-d]\)\s+(?=[\w"'`$])|[A-Da-d1-4]\.\s|[A-D]:\s|\*\*[A-Da-d1-4][).]|[Oo]ption\s+[A-Da-d1-4]\b)/

/** Options about the other options. */
const metaOption =
  /\b(?:all|none|any|both|neither|some) of (?:the|these|those) (?:above|options|answers|choices|others)\b|\b(?:all|none|both|neither)(?: of)?(?: the| these)? above\b|^(?:all|none|both|neither) of (?:these|those|them)\W*$|^both [a-d] and [a-d]\W*$/i

/**
 * Words that point at code which must then be there: "the following query", "this snippet", "the code below". "Which of
 * the following functions" points at the options, and "the status code" at nothing.
 */
const pointsAtCode = [
  /(?<!\b(?:which|one|any|each|all|none|some|two|three) of )\b(?:the|this) (?:following|below|above|given) (?:(?!is\b|are\b)\S+ ){0,2}(?:code|snippet|program|script|function|class|query|loop|method|command|expression)\b/i,
  /\b(?:code|snippet|program|function|query|script|command) (?:below|above|shown)\b/i,
  /\bthis (?:code|snippet|program|script|function|class|query|loop|expression)\b/i,
  /\b(?:does|do|will|would|of|in|by) the (?:code|snippet)\b(?! (?:review|base|point|path))/i,
  /\bthe following (?:print|output|return|log|evaluate)s?\b/i,
]

/**
 * The first rule that a challenge breaks, or none. Rules about its meaning are the reviewer's. Counts and lengths come
 * first: what follows takes more time than the texts are long.
 */
export function lint({ question, code, explanation, answer, distractors }: Authored): Rejection | undefined {
  if (distractors.length !== 3) return 'option_count'
  const options = [answer, ...distractors]
  if (isTooLong(question, code, explanation, options)) return 'too_long'
  if ([question, explanation, code ?? '', ...options].some(isUnsafeText)) return 'unsafe_characters'
  if ([question, explanation, ...options].some((text) => comparable(text) === '')) return 'empty'
  if (options.some((option) => option !== option.trim())) return 'untrimmed'
  const [key, ...others] = options.map(comparable)
  if (others.some((other) => other === key)) return 'answer_repeated'
  if (new Set(others).size !== others.length) return 'options_repeated'
  if (options.some((option) => labelled.test(option.normalize('NFKC')))) return 'labelled'
  if (options.some((option) => metaOption.test(oneLine(option)))) return 'meta_option'
  if (
    code === null &&
    pointsAtCode.some((words) => words.test(oneLine(question))) &&
    !question.includes('```')
  )
    return 'missing_code'
  if (isUnsafeMarkdown(question) || isUnsafeMarkdown(explanation)) return 'raw_html'
  return undefined
}

function isTooLong(question: string, code: string | null, explanation: string, options: string[]): boolean {
  return (
    question.length > limits.question ||
    (code?.length ?? 0) > limits.code ||
    explanation.length > limits.explanation ||
    options.some((option) => option.length > limits.option)
  )
}

function isUnsafeText(text: string): boolean {
  return unsafeCharacters.test(text) || piledMarks.test(text) || !text.isWellFormed()
}

/** Two options that differ in case or spacing only are one to a reader. */
function comparable(option: string): string {
  return option
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{Cf}]+/gu, '')
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ')
}
