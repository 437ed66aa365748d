const maxDepth = 64
const [quote, backslash] = [0x22, 0x5c]

/** Whether JSON nests deeper than any answer does: `JSON.parse` is slow with 100 000 levels. Takes linear time. */
export function isTooDeep(json: Uint8Array): boolean {
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
    if (depth > maxDepth) return true
  }
  return false
}
