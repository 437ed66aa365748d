import { Problem } from './problem.ts'

/** The deepest nesting of arrays and objects that is looked at; recursion over deeper ones is an attack. */
const maxDepth = 64

/**
 * The value of a JSON body.
 * @throws Problem `invalid_request`: empty, not UTF-8, not JSON (RFC 8259), or nested too deep.
 */
export function parseJson(bytes: Uint8Array): unknown {
  if (bytes.length === 0) throw new Problem('invalid_request', 'The request needs a JSON body.')
  let text: string
  let value: unknown
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    value = JSON.parse(text)
  } catch {
    throw new Problem('invalid_request', 'The body is not valid JSON.')
  }
  if (depthOf(text) > maxDepth) {
    throw new Problem('invalid_request', `The body is nested deeper than ${maxDepth} levels.`)
  }
  return value
}

/** The nesting of a text that is known to be JSON. */
function depthOf(json: string): number {
  let depth = 0
  let deepest = 0
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (token === '[' || token === '{') deepest = Math.max(deepest, ++depth)
    else if (token === ']' || token === '}') depth--
  }
  return deepest
}
