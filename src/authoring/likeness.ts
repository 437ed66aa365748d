import type { Authored } from './authored.ts'
import {
  type KnownQuestion,
  type Sketch,
  shapeOf,
  sketchAuthored,
  sketchKnown,
  toText,
  wordsOf,
} from './sketch.ts'
import { areOpposed, nameDifferentCode, type Words } from './words.ts'

/** The share of the words that two questions have in common if they have mostly the same words. */
const mostWords = 0.6
/** The share for questions with the same options and different keys, such as "Which structure is last in, first out?". */
const nearlyAllWords = 0.9

/** Whether a new question that the lint accepted asks nearly the same as one of the known ones. */
export function isNearRepeat(authored: Authored, known: readonly KnownQuestion[]): boolean {
  const a = sketchAuthored(authored)
  return known.some((question) => {
    const b = sketchKnown(question)
    return repeatsBeginning(a, b) || isSameQuestion(a, b)
  })
}

function repeatsBeginning(a: Sketch, b: Sketch): boolean {
  const [shorter, longer] =
    a.beginnings.length < b.beginnings.length ? [a.beginnings, b.beginnings] : [b.beginnings, a.beginnings]
  if (shorter.length === 0 || !shorter.every((hash, place) => hash === longer[place])) return false
  const [aText, bText] = [toText(a), toText(b)]
  return aText.startsWith(bText) || bText.startsWith(aText)
}

function isSameQuestion(a: Sketch, b: Sketch): boolean {
  if (a.hasCode !== b.hasCode) return false
  if (hasSameShape(a, b)) return haveSameWords(wordsOf(a), wordsOf(b), 'shorter')
  const hasSameKey = a.key === b.key
  if (!hasSameKey && a.options !== b.options) return false
  const [aWords, bWords] = [wordsOf(a), wordsOf(b)]
  if (
    nameDifferentCode(aWords, bWords) ||
    !haveSameWords(aWords, bWords, 'both', hasSameKey ? mostWords : nearlyAllWords)
  )
    return false
  // "What does this function return?" says nothing about two different functions.
  return aWords.content.intersection(bWords.content).size >= (a.hasCode ? 4 : 1)
}

function hasSameShape(a: Sketch, b: Sketch): boolean {
  return a.hasCode && b.hasCode && a.punctuation === b.punctuation && shapeOf(a) === shapeOf(b)
}

/** Compares the words of both questions, or of the shorter one, since a sentence that introduces the code adds words. */
function haveSameWords(a: Words, b: Words, whose: 'both' | 'shorter', share = mostWords): boolean {
  const shared = a.content.intersection(b.content).size
  const shorter = Math.min(a.content.size, b.content.size)
  const all = whose === 'both' ? a.content.size + b.content.size - shared : shorter
  return shared >= share * all && !areOpposed(a, b)
}
