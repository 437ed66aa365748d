import { limits } from './limits.ts'
import { problems } from './problem.ts'

/** @throws Problem `invalid_request` if a body is empty, not UTF-8, not JSON (RFC 8259), or nested too deeply. */
export function parseJson(bytes: Uint8Array): unknown {
  if (bytes.length === 0) throw problems.missingBody()
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw problems.malformedJson()
  }
  if (isNestedTooDeep(bytes)) throw problems.nestedTooDeep()
  return value
}

const [quote, backslash] = [0x22, 0x5c]

/** Whether JSON nests deeper than `limits.jsonDepth`. Takes linear time, also for a text that is not JSON. */
export function isNestedTooDeep(json: Uint8Array): boolean {
  let depth = 0
  let inString = false
  for (let at = 0; at < json.length; at++) {
    const byte = json[at] ?? 0
    if (inString) {
      if (byte === backslash) at++
      else if (byte === quote) inString = false
    } else if (byte === quote) inString = true
    // `[` and `{`, `]` and `}` differ in one bit.
    else if ((byte | 0x20) === 0x7b) depth++
    else if ((byte | 0x20) === 0x7d) depth--
    if (depth > limits.jsonDepth) return true
  }
  return false
}
