import { limits } from './limits.ts'

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
