import { toComparable, toPlain } from './comparable.ts'
import { splitCode, toOneLine } from './spans.ts'

/** Whether the key is at least 1.3 times and 8 characters longer than every other option. */
export function isKeyLongest([key = '', ...others]: string[]): boolean {
  const longest = Math.max(...others.map((other) => toPlain(other).length))
  const length = toPlain(key).length
  return length >= longest * 1.3 && length >= longest + 8
}

/** Values that a question may name without giving its answer away: literals, single characters and short numbers. */
const commonValue =
  /^(?:.|[+-]?(?:\d{1,2}|\d[.,]\d)|true|false|null|none|nil|undefined|nan|yes|no|void|int|string)$/iu

/** Whether the key stands in the question, and no other option does. */
export function holdsKey(question: string, [key = '', ...others]: string[]): boolean {
  const comparable = toComparable(key)
  if (commonValue.test(comparable) || !holds(question, comparable)) return false
  return !others.some((other) => holds(question, toComparable(other)))
}

/** Inline code is data of the question unless it is the option and nothing else, or a name. */
function holds(question: string, option: string): boolean {
  const { prose, code } = splitCode(question.replace(/`([\w.$]+(?:\(\))?)`/g, '$1'))
  if (code.some((span) => toComparable(span) === option)) return true
  const text = toOneLine(toPlain(prose))
  const wanted = toOneLine(option).replaceAll('`', '')
  // An option in sentence case stands in the question in lower case.
  const forms = /^\p{Lu}\P{Lu}+$/u.test(wanted) ? [wanted, wanted.toLowerCase()] : [wanted]
  return forms.some((form) => hasToken(text, form) && !(/^\d+$/.test(form) && isAmount(text, form)))
}

const wordCharacter = /[\p{L}\p{N}_]/u

function hasToken(text: string, token: string): boolean {
  for (let at = text.indexOf(token); at !== -1 && token !== ''; at = text.indexOf(token, at + 1)) {
    const before = text.charAt(at - 1)
    const after = text.charAt(at + token.length)
    const startsInWord = wordCharacter.test(before) && wordCharacter.test(token.charAt(0))
    const endsInWord = wordCharacter.test(after) && wordCharacter.test(token.charAt(token.length - 1))
    if (!startsInWord && !endsInWord) return true
  }
  return false
}

/** Whether the number counts something, as in "1000 elements". */
function isAmount(text: string, number: string): boolean {
  return new RegExp(`\\b${number} \\p{Ll}+s\\b`, 'u').test(text)
}

/** Matches what introduces a conclusion: "so it prints", "the correct answer is". */
const introductions = [
  /\b(?:so|therefore|thus|hence|consequently|finally|as a result|in conclusion|in total),? (?:[\w`().]+ ){0,4}?(?:is|are|equals|prints|outputs|logs|returns|gives|yields|displays|evaluates to|results in|becomes|will be|will print|will return|will output):? /gi,
  /\b(?:the|our) (?:(?:correct|right|final|expected|actual) )?(?:answer|output|result) (?:is|will be|should be|must be)(?: therefore| thus| hence)?:? /gi,
  /\b(?:correct|right|final) (?:answer|option|choice|output): /gi,
]
/** A sentence with one of these words may speak of a wrong assumption, or of another case. */
const hedge =
  /\b(?:might|may|could|would|think|thinks|thought|expect\w*|assum\w*|believ\w*|suppos\w*|if|unless|without|wrong\w*|tempting|seems?|appears?|mistak\w*|instead|not|naive\w*|some|many|only|but|whereas|while)\b|n't/i

/** Whether the last conclusion of the explanation is a distractor. */
export function concludesWrongly(explanation: string, options: string[]): boolean {
  const text = toOneLine(toPlain(explanation))
  const starts = introductions.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => match.index + match[0].length),
  )
  const values = options.map((option) => toOneLine(toComparable(option)))
  const concluded = starts
    .toSorted((a, b) => b - a)
    .slice(0, 20)
    .map((start) => findConclusion(text, start, values))
    .find((place) => place !== undefined)
  const conclusion = values[concluded ?? findNamed(text, values) ?? 0] ?? ''
  // A distractor that stands in the key may be a short form of the key.
  return conclusion !== values[0] && !hasToken(values[0] ?? '', conclusion)
}

/** The place of the longest option that makes up the rest of the sentence. */
function findConclusion(text: string, start: number, values: string[]): number | undefined {
  const sentence = Math.max(text.lastIndexOf('. ', start), text.lastIndexOf('! ', start)) + 1
  if (hedge.test(text.slice(sentence, start))) return undefined
  const rest = text.slice(start, start + 400).replace(/^["'`“‘*(]+/, '')
  const [longest] = values
    .map((value, place) => ({ value, place }))
    .filter(({ value }) => value !== '' && rest.startsWith(value) && endsSentence(rest.slice(value.length)))
    .toSorted((a, b) => b.value.length - a.value.length)
  return longest?.place
}

function endsSentence(rest: string): boolean {
  const [end] = /^["'`”’*)]*(?:[.!;]?$|[.!;](?= )|,? (?:because|since)\b)/.exec(rest) ?? []
  return end !== undefined
}

const named = / is (?:therefore |thus )?the (?:correct|right) (?:answer|output|result|option|choice)\b/g

/** The place of the option of which a sentence says that it is the correct answer. */
function findNamed(text: string, values: string[]): number | undefined {
  for (const { index } of text.matchAll(named)) {
    const before = text.slice(Math.max(text.lastIndexOf('. ', index), index - 400, 0), index)
    if (hedge.test(before)) continue
    const subject = before.replace(/["'`”’*)]{1,6}$/, '')
    const place = values.findIndex(
      (value) =>
        value !== '' &&
        subject.endsWith(value) &&
        !wordCharacter.test(subject.charAt(subject.length - value.length - 1)),
    )
    if (place !== -1) return place
  }
  return undefined
}
