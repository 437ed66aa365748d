import type { Authored } from './authored.ts'
import { toComparable } from './comparable.ts'
import { toPunctuation, toShape } from './shape.ts'
import { areOpposed, nameDifferentCode, toWords, type Words } from './words.ts'

/** A question that exists already, as far as repeats are judged by it. */
export type KnownQuestion = {
  title: string
  options: string[]
  correctAnswerId: number
}

/** The share of the words that two questions have in common if they have mostly the same words. */
const mostWords = 0.6
/** The share for questions with the same options and different keys, such as "Which structure is last in, first out?". */
const nearlyAllWords = 0.9

/** The length, without white space, from which on the beginning of a question identifies it. */
const minPrefix = 30

/** Whether a new question that the lint accepted asks nearly the same as a known one. */
export function isNearRepeat(authored: Authored, known: KnownQuestion): boolean {
  const a = sketchAuthored(authored)
  const b = sketchKnown(known)
  return repeatsBeginning(a, b) || isSameQuestion(a, b)
}

/** Each part is computed once, and only when it is compared: a new question is compared with a thousand known ones. */
type Sketch = {
  hasCode: boolean
  /** The first characters of `text`. */
  beginning: string
  /** Question and code without white space. */
  text: () => string
  words: () => Words
  punctuation: () => string
  shape: () => string
  key: () => string
  options: () => string
}

function repeatsBeginning(a: Sketch, b: Sketch): boolean {
  return a.beginning === b.beginning && (isBeginning(a.text(), b.text()) || isBeginning(b.text(), a.text()))
}

const isBeginning = (start: string, text: string) => start.length >= minPrefix && text.startsWith(start)

function isSameQuestion(a: Sketch, b: Sketch): boolean {
  if (a.hasCode !== b.hasCode) return false
  if (hasSameShape(a, b)) return haveSameWords(a.words(), b.words(), 'shorter')
  const hasSameKey = a.key() === b.key()
  if (!hasSameKey && a.options() !== b.options()) return false
  const [aWords, bWords] = [a.words(), b.words()]
  if (
    nameDifferentCode(aWords, bWords) ||
    !haveSameWords(aWords, bWords, 'both', hasSameKey ? mostWords : nearlyAllWords)
  )
    return false
  // "What does this function return?" says nothing about two different functions.
  return aWords.content.intersection(bWords.content).size >= (a.hasCode ? 4 : 1)
}

function hasSameShape(a: Sketch, b: Sketch): boolean {
  return a.hasCode && b.hasCode && a.punctuation() === b.punctuation() && a.shape() === b.shape()
}

/** Compares the words of both questions, or of the shorter one, since a sentence that introduces the code adds words. */
function haveSameWords(a: Words, b: Words, whose: 'both' | 'shorter', share = mostWords): boolean {
  const shared = a.content.intersection(b.content).size
  const shorter = Math.min(a.content.size, b.content.size)
  const all = whose === 'both' ? a.content.size + b.content.size - shared : shorter
  return shared >= share * all && !areOpposed(a, b)
}

const sketches = new WeakMap<object, Sketch>()

function sketchAuthored(authored: Authored): Sketch {
  const { question, code, answer, distractors } = authored
  const options = [answer, ...distractors.map(({ text }) => text)]
  return remember(authored, () => toSketch(question, code, options, answer))
}

function sketchKnown(known: KnownQuestion): Sketch {
  const { title, options, correctAnswerId } = known
  return remember(known, () => {
    const { question, code } = splitTitle(title.slice(0, maxTitle))
    return toSketch(question, code, options, options[correctAnswerId] ?? '')
  })
}

/** No title that the server writes is longer. */
const maxTitle = 5000

function toSketch(question: string, code: string | null, options: string[], answer: string): Sketch {
  const text = code === null ? question : `${question}\n${code}`
  return {
    hasCode: code !== null,
    beginning: text
      .slice(0, 40)
      .replace(/[\s`]+/g, '')
      .slice(0, 10),
    text: once(() => squeeze(text)),
    words: once(() => toWords(question)),
    punctuation: once(() => toPunctuation(code ?? '')),
    shape: once(() => toShape(code ?? '')),
    key: once(() => toComparable(answer)),
    options: once(() => options.map(toComparable).toSorted().join('\n')),
  }
}

/** A title is a question, followed by a fence if there is code. */
function splitTitle(title: string): { question: string; code: string | null } {
  const text = title.includes('\r') ? title.replace(/\r\n?/g, '\n') : title
  if (!text.includes('```')) return { question: text, code: null }
  const [opening = '', fence = ''] = /\n(`{3,})[^`\n]*\n/.exec(text) ?? []
  const start = text.indexOf(opening)
  if (opening === '') return { question: text, code: null }
  const inside = text.slice(start + opening.length)
  const end = inside.lastIndexOf(`\n${fence}`)
  return { question: text.slice(0, start), code: end === -1 ? inside : inside.slice(0, end) }
}

/** A copy of a title that was cut may end in an ellipsis, and may have its fence on the line of the question. */
function squeeze(text: string): string {
  return text
    .replace(/`{3,}\w*/g, '')
    .replace(/[\s`]+/g, '')
    .replace(/(?:…|\.{1,3}|\?|!|:)$/, '')
}

function remember(question: object, create: () => Sketch): Sketch {
  const known = sketches.get(question) ?? create()
  sketches.set(question, known)
  return known
}

function once<T>(compute: () => T): () => T {
  let result: { value: T } | undefined
  return () => {
    result ??= { value: compute() }
    return result.value
  }
}
