import { toComparable, toPlain } from './comparable.ts'
import { splitCode, toOneLine } from './spans.ts'

/** The parts of a question in which its author may name a value that looks like the letter or number of an option. */
type Context = { question: string; code: string; options: string[] }

/** Matches "A) …", "b. …" and "Option C", but not an arrow function `(a) => …` or a member `a.b`. */
const labelled =
  /^\s*(?:[A-Da-d1-4]\)|\([A-Da-d1-4]\)\s+(?=[\w"'`$])|[A-Da-d1-4]\.\s|[A-D]:\s|\*\*[A-Da-d1-4][).]|(?:[Oo]ption|[Cc]hoice|[Aa]nswer)\s+[A-Da-d1-4]\b)/

/**
 * Match "A - …", "[B] …", "**C** …", "(iii) …", "`D)` …", "1: …" and "② …", which are labels only if each option has another
 * one.
 */
const mayBeLabelled = [
  /^\s*(?:[A-D](?= [-–—] )|\*\*[A-D]\*\*)/,
  /^[\s`*_"'([]*(?:[A-Da-d1-4]|i{1,3}|iv|I{1,3}|IV)(?=[`*_"']*[)\]:.•][`*_"')\]:.]*\s)/,
  /^\s*(?:[\u2460-\u24e9\u2776-\u2793\u{1f110}-\u{1f189}]|[1-4]\ufe0f?\u20e3)/u,
]

/** Matches what tells a right option from a wrong one. */
const verdict =
  /^\s*[✓✔☑✅✗✘❌❎]|[✓✔☑✅✗✘❌❎]\ufe0f?\s*$|\((?:(?:in)?correct|wrong)(?: answer)?\)\W*$|\((?:the )?right answer\)\W*$/iu

/** Whether options have labels, which the shuffle would put in disorder, or marks that give the key away. */
export function areLabelled({ question, code, options }: Context): boolean {
  const texts = options.map((option) => option.normalize('NFKC'))
  if (texts.some((text) => labelled.test(text))) return true
  const isLabelledBy = (pattern: RegExp) =>
    new Set(options.flatMap((option) => pattern.exec(option) ?? [])).size === options.length
  if (mayBeLabelled.some(isLabelledBy)) return true
  const [mark] = options.flatMap((option) => verdict.exec(option) ?? [])
  // Some code prints such marks.
  return mark !== undefined && !`${question}\n${code}`.includes(mark.trim())
}

/** Matches options that refer to other options. */
const metaOption =
  /\b(?:all|none|any|both|neither|some|one|two|three|either) of (?:the|these|those) (?:above|options|answers|choices|others)\b|\b(?:all|none|both|neither)(?: of)?(?: the| these)? above\b|^(?:all|none|both|neither|more than one) of (?:these|those|them)\W*$|\b(?:every|each|any|no) (?:other )?(?:option|answer|choice) is (?:in)?(?:correct|right|wrong|true|false)\b|^(?:any|every) other (?:option|answer|choice)\W*$|\b(?:all|any|none of|both|either of) (?:the |these )?other (?:two |three )?(?:options|answers|choices)\b/i

/** Matches "A and C", "both A and B", "Only B or D", "A, B and C are correct". */
const combinedLetters =
  /^(?:(?:both|only|either|neither) )?([A-D](?:(?:,? (?:and|or|nor|&)|,) [A-D]){1,3})(?: only| are (?:correct|right|true|wrong|false))?\W*$/i

/** Whether an option speaks of the other options. */
export function isMetaOption(option: string, { question, code }: Context): boolean {
  const text = toOneLine(toPlain(option))
  if (metaOption.test(text)) return true
  const [, letters] = combinedLetters.exec(text) ?? []
  if (letters === undefined || !/\b(?:and|or|nor)\b|&/i.test(letters)) return false
  // Capital letters are named in the prose, too; small ones are words there.
  const named = new Set(
    toWords(/[A-D]/.test(letters) ? `${question} ${code}` : `${splitCode(question).code.join(' ')} ${code}`),
  )
  return toWords(letters).some((word) => word.length === 1 && !named.has(word))
}

const optionWord = '(?:option|choice|answer|alternative|distractor)'
/** Words after which "the first option" belongs to a command or a menu. */
const elsewhere =
  '(?! (?:of|to|for|in|on|given|passed|specified|wins|takes|overrides|that is passed|element)\\b)'
const ordinal = '(?:first|second|third|fourth|last|1st|2nd|3rd|4th|next-to-last|penultimate)'

/** A question about the options of a menu or a command. */
const ownOptions = /<option|<select|`[^`\n]{0,80}option|\bselect element|\b(?:command-line|getopt)/i

const places = [
  new RegExp(`\\b${ordinal} (?:(?:two|three) )?(?:option|choice|answer|distractor)s?\\b${elsewhere}`, 'i'),
  new RegExp(`\\b${optionWord}s? (?:above|below)\\b`, 'i'),
  new RegExp(`\\b(?:above|preceding|previous) ${optionWord}s?\\b`, 'i'),
  /\b(?:all|none|any|both|neither) of the above\b/i,
]
/** Matches "option B", "answers A and C", "choice (3)". The group is what may be a value instead. */
const numbered =
  /\b(?:[Oo]ption|[Cc]hoice|[Aa]nswer|[Aa]lternative|[Dd]istractor)s?:? (?:(?:number|no\.) )?[#("'`]?((?:is:? \(?)?[A-D]|[1-4]|[b-d](?=\)))(?!\w|\.\w|[([])/g
const judgedLetter =
  /(?<![\w`'".])([A-D])\)?(?: (?:and|or) [A-D])? (?:is|are) (?:therefore |thus |also |both )?(?:in)?(?:correct|right|wrong|false|the (?:correct|right|best))\b/g

/** Whether a text speaks of an option by its place or letter, which the shuffle changes. */
export function refersToPlace(text: string, { question, code, options }: Context): boolean {
  const line = toOneLine(text)
  const hasOwnOptions = ownOptions.test(`${question}\n${code}`)
  if (places.some((place) => place.test(hasOwnOptions ? line.replace(/\boptions?\b/gi, '') : line)))
    return true
  // "The answer 2 rows" names an option by its text.
  const isValue = (phrase: string, value: string) =>
    options.map(toComparable).includes(value) ||
    (/^answer/i.test(phrase) && /\d/.test(value) && toWords(options.join(' ')).includes(value))
  const mentions = [...line.matchAll(numbered)]
  if (mentions.some(([phrase, value = '']) => !isValue(phrase, value.replace(/^is:? \(?/, '')))) return true
  const letters = [...line.matchAll(judgedLetter)].map(([, letter = '']) => letter)
  if (letters.length === 0) return false
  const named = new Set(toWords(`${question} ${code} ${options.join(' ')}`))
  return letters.some((letter) => !named.has(letter))
}

const secondThoughts = [
  /(?:^|[.!?…:;(—–\n-] ?|\b(?:but|oh|no|hmm|hold on),? )wait(?:[,!…—–]|\.{2,}| [-—–]|\.\s|:? (?:no|that|actually)\b)/i,
  /(?<![\w-])[Hh]m(?:m+(?![\w-])|(?=,|…|\.\.))/,
  /\blet(?: me|'s|’s| us) (?:re-?(?:consider|check|think|read|calculate|compute|evaluate|examine|do|count|trace|verify|phrase)|think (?:again|about (?:this|it) again)|double-?check|correct (?:myself|that|this)|start over|try (?:again|that again)|look again|fix (?:that|this))\b/i,
  /\bactually,? (?:no\b|wait\b|scratch\b|that(?:'s|’s| is) (?:wrong|not right|incorrect)|I (?:was|made|think|need|should)\b)/i,
  /\b(?:scratch that|on second thoughts?|oops|my (?:mistake|bad|apologies)|I apologi[sz]e|I (?:made|have made) (?:a|an) (?:mistake|error)|I was wrong|I misread|I (?:need|have) to (?:re|correct|change|fix)|I(?:'ll|’ll| will| should| must) (?:reconsider|correct|change|fix|adjust))/i,
  /\b(?:none of|not (?:among|one of|in)|does(?:n't| not) match any of) (?:the |these |my )?(?:given |provided )?(?:options|answers|choices)\b(?: (?:is|are|match|fit)| ?[.,;!]|$)/i,
]

/** Whether an explanation shows that its author was not sure. */
export function hasSecondThoughts(explanation: string): boolean {
  const prose = splitCode(explanation).prose
  return secondThoughts.some((pattern) => pattern.test(prose))
}

function toWords(text: string): string[] {
  return text.match(/[\p{L}\p{N}_]+/gu) ?? []
}
