import { limits } from './limits.ts'
import { problems } from './problem.ts'

/** @throws Problem `invalid_request` if a body is empty, not UTF-8, not JSON (RFC 8259), or nested too deeply. */
export function parseJson(bytes: Uint8Array): unknown {
  if (bytes.length === 0) throw problems.missingBody()
  let text: string
  let value: unknown
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    value = JSON.parse(text)
  } catch {
    throw problems.malformedJson()
  }
  if (measureDepth(text) > limits.jsonDepth) throw problems.nestedTooDeep()
  return value
}

/** The deepest nesting of a text that is known to be JSON. */
function measureDepth(json: string): number {
  let depth = 0
  let deepest = 0
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (token === '[' || token === '{') deepest = Math.max(deepest, ++depth)
    else if (token === ']' || token === '}') depth--
  }
  return deepest
}
