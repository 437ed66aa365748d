import type { Rejection } from '../failure.ts'
import { excessiveMarks } from '../fingerprint.ts'
import { type Authored, maxLengths } from './authored.ts'
import { isBlank, toComparable } from './comparable.ts'
import { concludesWrongly, holdsKey, isKeyLongest } from './giveaway.ts'
import { isInjection } from './injection.ts'
import { isUnsafeMarkdown } from './markdown.ts'
import { areLabelled, hasSecondThoughts, isMetaOption, refersToPlace } from './phrases.ts'
import { splitCode, toOneLine } from './spans.ts'

/**
 * Characters that must not be displayed: controls (NUL included) except newline and tab, invisible separators and
 * blanks, bidirectional controls, which change the reading order (https://trojansource.codes), and code points without a
 * meaning: noncharacters, private ones, and those for annotations and embedded objects. Single joiners are allowed: emoji
 * and some scripts need them.
 */
const unsafeCharacters =
  /(?![\n\t])\p{Cc}|\p{Bidi_Control}|[\u00ad\u200b\u2028\u2029\u2060-\u2064\ufeff\ufff9-\ufffc]|\p{Noncharacter_Code_Point}|\p{Co}|[\u200c\u200d]{2}/u

/** Characters that can hide a text: tags, except in the flag of a region, and more than one variation selector in a row. */
const hiddenText =
  /(?<!\u{1f3f4}[\u{e0030}-\u{e007a}]{0,6})[\u{e0000}-\u{e007f}]|[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]{2}/u

/**
 * Match phrases that refer to a piece of code: "the following query", "this snippet", "the code below". They do not
 * match "which of the following functions", which refers to the options, or "the status code".
 */
const codeReferences = [
  /(?<!\b(?:which|one|any|each|all|none|some|two|three) of )\b(?:the|this) (?:following|below|above|given) (?:(?!is\b|are\b)\S+ ){0,2}(?:code|snippet|program|script|function|class|query|loop|method|command|expression)\b/i,
  /(?<!\b(?:which|one|any|each|all|none|some|two|three) of )\b(?:the|this) (?:following|below|above|given) (?:lines?|JavaScript|TypeScript|Python|Java|Go|Rust|C#|C\+\+|Kotlin|Swift|Ruby|PHP|Bash|SQL|HTML|CSS)(?=[.,:;?]|$| (?:do|does|will|would|is|are)\b)/i,
  /\b(?:code|snippet|program|function|query|script|command) (?:below|above|shown)\b/i,
  /\bthis (?:code|snippet|program|script|function|class|query|loop|expression)\b/i,
  /\b(?:does|do|will|would|of|in|by) the (?:code|snippet)\b(?! (?:review|base|point|path))/i,
  /\bthe following (?:print|output|return|log|evaluate)s?\b/i,
]

/** A name, which a question about other code may mention. */
const bareName = /^[\w$.]*$/
/** What a name alone may be. */
const shortCode = /\b(?:query|command|method|expression)\b/i

/** Verbs and words that ask, at the start of a sentence. */
const asks =
  /(?:^|[.:;!,\n]\s*)(?:please )?(?:what|which|who|whose|when|where|why|how|choose|select|pick|identify|find|determine|name|give|complete|fill|predict|state|tell|evaluate|decide|compute|calculate|guess|trace|work|consider|analy[sz]e|indicate|mark|match|order|rank|count|list|describe|explain|replace|write|spot|say|show)\b/i
/** The end of a sentence that the options complete. */
const openEnd =
  /(?:[:…,_=-]|\.\.\.|\b(?:to|a|an|the|by|with|of|in|for|from|as|because|when|if|that|is|are|be|was|will|can|must|does|has|returns?|prints?|gives?|logs?|outputs?|yields?|equals?|throws?|raises?|means?|uses?|contains?|becomes?))\s*$/i

type Draft = Pick<Authored, 'question' | 'explanation'> & {
  /** Empty without code. */
  code: string
  /** The key comes first. */
  options: string[]
  notes: string[]
}

/** Counts and lengths come first, because later rules take more than linear time. */
const rules: [Rejection, isBroken: (draft: Draft) => boolean][] = [
  ['option_count', ({ options }) => options.length !== 4],
  ['too_long', isTooLong],
  ['unsafe_characters', (draft) => toTexts(draft).some(isUnsafeText)],
  ['empty', (draft) => toTexts(draft).some(isBlank)],
  ['untrimmed', ({ options }) => options.some((option) => option !== option.trim())],
  [
    'answer_repeated',
    ({ options: [key = '', ...others] }) => others.map(toComparable).includes(toComparable(key)),
  ],
  ['options_repeated', ({ options }) => new Set(options.map(toComparable)).size !== options.length],
  ['labelled', areLabelled],
  ['meta_option', (draft) => draft.options.some((option) => isMetaOption(option, draft))],
  [
    'option_reference',
    (draft) =>
      [draft.explanation, ...draft.options, ...draft.notes].some((text) => refersToPlace(text, draft)),
  ],
  ['injection', (draft) => toTexts(draft).some(isInjection)],
  ['missing_code', ({ question, code }) => code === '' && lacksCode(question)],
  [
    'raw_html',
    ({ question, explanation, notes }) => [question, explanation, ...notes].some(isUnsafeMarkdown),
  ],
  ['no_question', ({ question }) => !isQuestion(question)],
  ['key_in_question', ({ question, options }) => holdsKey(question, options)],
  ['long_key', ({ options }) => isKeyLongest(options)],
  ['second_thoughts', ({ explanation }) => hasSecondThoughts(explanation)],
  ['wrong_conclusion', ({ explanation, options }) => concludesWrongly(explanation, options)],
]

/** Returns the first rule of form that the question breaks; the review judges its meaning. */
export function lint({ question, code, explanation, answer, distractors }: Authored): Rejection | undefined {
  const options = [answer, ...distractors.map(({ text }) => text)]
  const notes = distractors.flatMap(({ misconception }) => misconception ?? [])
  const draft = { question, code: code ?? '', explanation, options, notes }
  return rules.find(([, isBroken]) => isBroken(draft))?.[0]
}

function toTexts({ question, code, explanation, options, notes }: Draft): string[] {
  return [question, explanation, ...options, ...notes, ...(code === '' ? [] : [code])]
}

function isTooLong({ question, code, explanation, options, notes }: Draft): boolean {
  return (
    question.length > maxLengths.question ||
    code.length > maxLengths.code ||
    explanation.length > maxLengths.explanation ||
    options.some((option) => option.length > maxLengths.option) ||
    notes.some((note) => note.length > maxLengths.misconception)
  )
}

function isUnsafeText(text: string): boolean {
  return (
    unsafeCharacters.test(text) || hiddenText.test(text) || excessiveMarks.test(text) || !text.isWellFormed()
  )
}

/** Whether the text asks, or is a sentence for the options to complete. Judges English only. */
function isQuestion(question: string): boolean {
  const { prose } = splitCode(question)
  if (!/[\p{L}\p{N}]/u.test(question)) return false
  if (/[?？]|_{2}/.test(prose)) return true
  if (/[^\p{ASCII}]/u.test(prose.replace(/\P{L}/gu, ''))) return true
  return asks.test(prose) || openEnd.test(prose)
}

/** Whether the question points at code, and no backticks hold it. */
function lacksCode(question: string): boolean {
  if (!codeReferences.some((pattern) => pattern.test(toOneLine(question)))) return false
  const { prose, code } = splitCode(question)
  return code.every((span) => bareName.test(span) && !shortCode.test(prose))
}
