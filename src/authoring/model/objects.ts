import { isNestedTooDeep } from '../../json.ts'
import { createParseBudget, type LenientObject, type ParseBudget, parseLenient } from './lenient-json.ts'

/** A longer object is no answer. */
const maxLength = 64 * 1024

/** The beginning of an object with members. */
const objectStart = /\{[\s,\ufeff]{0,200}(?:"[^"\\\n]{1,60}"|'[^'\\\n]{1,60}'|[A-Za-z_]\w{0,60})\s{0,20}:/g

/** A JSON string that holds an object. */
const stringStart = /^[\s\ufeff]{0,200}"[\s\\"rnt]{0,20}\{/

/**
 * The end of a model's thoughts: a closing tag of any name, `[/THINK]`, `◁/think▷`, a channel of gpt-oss, or another
 * token that names thinking.
 */
const endOfThoughts =
  /<\/[A-Za-z][\w:-]{1,40}>|\[\/[A-Z]{2,40}\]|◁\/\w{1,40}▷|<\|message\|>|<\|\/?\w{0,40}(?:think|thought)\w{0,40}\|>/gi

/** Turns an object into a value; `undefined` if the object is another one. */
export type Read<T> = (object: LenientObject) => T | undefined

/**
 * Reads the first JSON object that `read` accepts. An object after the model's thoughts is preferred. The object may
 * stand among words, in other values, or in a JSON string. The text is untrusted: `budget` bounds the work.
 */
export function readObject<T>(text: string, read: Read<T>, budget = createParseBudget()): T | undefined {
  const conclusion = searchLast(endOfThoughts, text)
  const final = findFirst(text, conclusion, read, budget)
  // The last closing tag may belong to the object, or follow it.
  const found = conclusion === 0 || final ? final?.value : findAfterThoughts(text, read, budget)
  return found ?? readWhole(text, read)
}

/** Reads a text that is JSON as a whole, also beyond the bounds, so that the lint can name the limit that it breaks. */
function readWhole<T>(text: string, read: Read<T>): T | undefined {
  if (isNestedTooDeep(Buffer.from(text))) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? read({ ...value }) : undefined
  } catch {
    return undefined
  }
}

/** Finds the first object; if the thoughts end after that object, the first one behind them, and so on. */
function findAfterThoughts<T>(text: string, read: Read<T>, budget: ParseBudget): T | undefined {
  let found = findFirst(text, 0, read, budget)
  let chosen = found
  while (found) {
    const thoughts = search(endOfThoughts, text, found.end)
    found = thoughts < 0 ? undefined : findFirst(text, thoughts, read, budget)
    chosen = found ?? chosen
  }
  return chosen?.value
}

type Found<T> = { value: T; end: number }

function findFirst<T>(text: string, from: number, read: Read<T>, budget: ParseBudget): Found<T> | undefined {
  if (from === 0 && stringStart.test(text)) {
    const value = readInside(parseAt(text, text.indexOf('"'), budget).value, read, budget)
    if (value !== undefined) return { value, end: text.length }
  }
  // An object that is not the answer may contain it: the search goes on within the object.
  for (
    let start = search(objectStart, text, from);
    start >= 0;
    start = search(objectStart, text, start + 1)
  ) {
    if (budget.isSpent()) return undefined
    const { value: object, end } = parseAt(text, start, budget)
    if (typeof object !== 'object' || object === null || Array.isArray(object)) continue
    const value = read(object) ?? readMembers(object, read, budget)
    if (value !== undefined) return { value, end }
  }
  return undefined
}

/** Reads an object from a text within the object: the arguments of a function are a JSON string. */
function readMembers<T>(object: LenientObject, read: Read<T>, budget: ParseBudget): T | undefined {
  for (const member of Object.values(object)) {
    const value = readInside(member, read, budget)
    if (value !== undefined) return value
  }
  return undefined
}

function readInside<T>(value: unknown, read: Read<T>, budget: ParseBudget): T | undefined {
  if (typeof value !== 'string' || budget.isSpent()) return undefined
  return /^[\s\ufeff]{0,200}["{]/.test(value) ? findFirst(value, 0, read, budget)?.value : undefined
}

/** Parses the value at `start`, unless it is too long. */
function parseAt(text: string, start: number, budget: ParseBudget) {
  const part = text.slice(start, start + maxLength)
  const { value, end } = parseLenient(part, budget)
  const isCut = end >= part.length && start + maxLength < text.length
  return { value: isCut ? undefined : value, end: start + end }
}

/** The index of the first match at `from` or after it; -1 without one. */
function search(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from
  return pattern.exec(text)?.index ?? -1
}

/** The index of the last match; 0 without one. */
function searchLast(pattern: RegExp, text: string): number {
  // `matchAll` begins at the index that an earlier search left behind.
  pattern.lastIndex = 0
  return text.matchAll(pattern).reduce((_, { index }) => index, 0)
}
