/** A JSON value whose numbers and booleans are texts, spelled as the model spelled them: `7.0` is not `7`. */
type Lenient = string | null | Lenient[] | LenientObject
export type LenientObject = { [name: string]: Lenient }

const maxDepth = 10
const max = { characters: 192 * 1024, values: 3000, attempts: 1000 }
const word = /[A-Za-z_$][\w$]*/y
const number = /[+-]?(?:\d|\.\d)[\w.+-]*/y
const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' }
const closers = { '{': '}', '[': ']' }

export type ParseBudget = ReturnType<typeof createParseBudget>

/** Bounds the work of all attempts at one answer together. */
export function createParseBudget() {
  const spent = { characters: 0, values: 0, attempts: 0 }
  const isSpent = () =>
    spent.characters >= max.characters || spent.values >= max.values || spent.attempts >= max.attempts
  return { spent, isSpent }
}

/**
 * Parses the JSON value at the start of the text, and accepts the mistakes that models make: raw newlines in strings,
 * unknown escapes (`\d` stays `\d`), unescaped quotes, single quotes, names without quotes, needless or missing commas,
 * comments, Python's words, missing brackets at the end of the text. Takes linear time. `end` is where the value, or
 * the text that could be parsed, ends; `value` is `undefined` if the text is no such value.
 */
export function parseLenient(
  text: string,
  { spent }: ParseBudget = createParseBudget(),
): { value: Lenient | undefined; end: number } {
  let at = 0

  function parseValue(depth: number): Lenient | undefined {
    const first = text[at]
    if (++spent.values > max.values) return undefined
    if (first === '{' || first === '[') return depth < maxDepth ? parseMembers(first, depth + 1) : undefined
    if (first === '"' || first === "'") return parseString(first, isEndOfValue)
    const literal = match(number) ?? match(word)
    return literal !== undefined && /^(?:null|None|undefined)$/.test(literal) ? null : literal
  }

  /** Parses an object or an array. */
  function parseMembers(opener: '{' | '[', depth: number): Lenient | undefined {
    const members: [string, Lenient][] = []
    at++
    for (;;) {
      skip(',')
      if (at >= text.length || text[at] === closers[opener]) break
      const name = opener === '{' ? parseName() : ''
      const value = name === undefined ? undefined : parseValue(depth)
      if (name === undefined || value === undefined) return undefined
      members.push([name, value])
    }
    at++
    return opener === '{' ? Object.fromEntries(members) : members.map(([, value]) => value)
  }

  /** Parses the name of a member and the colon after it. */
  function parseName(): string | undefined {
    const first = text[at]
    const name = first === '"' || first === "'" ? parseString(first, () => true) : match(word)
    skip()
    if (name === undefined || text[at] !== ':') return undefined
    at++
    skip()
    return name
  }

  /** Parses a string, which ends at the first quote for which `isEnd` says so about the index after it. */
  function parseString(quote: string, isEnd: (index: number) => boolean): string | undefined {
    const begin = ++at
    let escaped = false
    for (; at < text.length; at++) {
      if (text[at] === '\\') {
        escaped = true
        at++
      } else if (text[at] === quote && isEnd(at + 1)) {
        const raw = text.slice(begin, at++)
        return escaped ? decodeEscapes(raw) : raw
      }
    }
    return undefined
  }

  /** Whether a value may end before `index`. Otherwise the quote there is a part of the text. */
  function isEndOfValue(index: number): boolean {
    const next = findNext(index)
    const following = text[next] ?? ''
    if (following === '"' || following === "'") return text.slice(index, next).includes('\n')
    return following === '' || ',}]'.includes(following) || /^\/[/*]/.test(text.slice(next, next + 2))
  }

  /** The index of the next character that is no white space. */
  function findNext(index: number): number {
    let next = index
    while (next < text.length && isSpace(text.charCodeAt(next))) next++
    return next
  }

  /** Skips white space, comments, and `separator`. */
  function skip(separator?: string) {
    for (;;) {
      at = findNext(at)
      if (separator && text[at] === separator) at++
      else if (text.startsWith('//', at)) at = findAfter('\n')
      else if (text.startsWith('/*', at)) at = findAfter('*/')
      else return
    }
  }

  function findAfter(end: string): number {
    const found = text.indexOf(end, at + 2)
    return found < 0 ? text.length : found + end.length
  }

  function match(pattern: RegExp): string | undefined {
    pattern.lastIndex = at
    const [found] = pattern.exec(text) ?? []
    at += found?.length ?? 0
    return found
  }

  const value = parseValue(0)
  const end = Math.min(at, text.length)
  spent.attempts++
  spent.characters += end
  return { value, end }
}

/** Whether a character is white space, which includes U+00A0, U+2028, U+2029 and U+FEFF. */
function isSpace(code: number): boolean {
  return code <= 0x20 || code === 0xa0 || code === 0x2028 || code === 0x2029 || code === 0xfeff
}

function decodeEscapes(raw: string): string {
  return raw.replace(/\\(?:u([\da-f]{4})|([^u]))/gis, (whole, code?: string, letter = '') => {
    if (code) return String.fromCharCode(Number.parseInt(code, 16))
    return '"\'\\/'.includes(letter) ? letter : (escapes[letter] ?? whole)
  })
}
