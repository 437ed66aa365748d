import type { Authored } from './authored.ts'
import { toComparable } from './comparable.ts'
import { toPunctuation, toShape } from './shape.ts'
import { toWords, type Words } from './words.ts'

/** A question that exists already, as far as repeats are judged by it. */
export type KnownQuestion = {
  title: string
  options: string[]
  correctAnswerId: number
}

/**
 * What two questions are compared by. Kept for a thousand known questions of each topic, so the parts that need only be
 * equal are kept as hashes; a collision only has the other parts compared. The parts that few comparisons need are computed
 * when they are needed.
 */
export type Sketch = {
  read: () => Parts
  hasCode: boolean
  /** Of the first 30, 60, 120 … characters of the text; empty if the text is too short to be identified by them. */
  beginnings: number[]
  punctuation: number
  key: number
  options: number
  words?: Words
  shape?: number
}

type Parts = { question: string; code: string | null }

/** The length, without white space, from which on the beginning of a question identifies it. */
const minPrefix = 30

const sketches = new WeakMap<object, Sketch>()

export function sketchAuthored(authored: Authored): Sketch {
  const { question, code, answer, distractors } = authored
  const options = [answer, ...distractors.map(({ text }) => text)]
  return remember(authored, () => toSketch(() => ({ question, code }), options, answer))
}

export function sketchKnown(known: KnownQuestion): Sketch {
  const { title, options, correctAnswerId } = known
  return remember(known, () => {
    const read = () => splitTitle(title.slice(0, maxTitle))
    return toSketch(read, options, options[correctAnswerId] ?? '')
  })
}

/** No title that the server writes is longer. */
const maxTitle = 5000

function toSketch(read: () => Parts, options: string[], answer: string): Sketch {
  const { question, code } = read()
  const text = squeeze(joinParts({ question, code }))
  return {
    read,
    hasCode: code !== null,
    beginnings: hashBeginnings(text),
    punctuation: hash(toPunctuation(code ?? '')),
    key: hash(toComparable(answer)),
    options: hash(options.map(toComparable).toSorted().join('\n')),
  }
}

function hashBeginnings(text: string): number[] {
  const hashes: number[] = []
  for (let length = minPrefix; length <= text.length; length *= 2) hashes.push(hash(text.slice(0, length)))
  return hashes
}

export const hash = (text: string) => Bun.hash.xxHash32(text)

export function wordsOf(sketch: Sketch): Words {
  sketch.words ??= toWords(sketch.read().question)
  return sketch.words
}

export function shapeOf(sketch: Sketch): number {
  sketch.shape ??= hash(toShape(sketch.read().code ?? ''))
  return sketch.shape
}

const joinParts = ({ question, code }: Parts) => (code === null ? question : `${question}\n${code}`)

/** Question and code without white space. */
export const toText = (sketch: Sketch) => squeeze(joinParts(sketch.read()))

/** A title is a question, followed by a fence if there is code. */
function splitTitle(title: string): Parts {
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
