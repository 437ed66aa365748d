/** Response formats, the strictest first; `text` sends no format. */
export const formats = ['json_schema', 'json_object', 'text'] as const

export type Format = (typeof formats)[number]

/** How long a less strict format is used before the strictest is tried again, in milliseconds. */
const retryTopMs = 60 * 60 * 1000
/** How long a call tries one format only after the server refused every format (perhaps an outage), in milliseconds. */
const oneFormatMs = 60_000

/**
 * Finds the strictest response format that a server accepts, and remembers it. `clock` is monotonic, in milliseconds.
 */
export function createLadder(clock: () => number) {
  let rung = 0
  let rungSince = 0
  let allRefusedAt = Number.NEGATIVE_INFINITY
  let badSamples = 0

  return {
    /** The formats to try in one call, in order. Once an hour, one call starts at the strictest again. */
    listFormats(): readonly Format[] {
      if (rung > 0 && clock() - rungSince >= retryTopMs) {
        rungSince = clock()
        return formats
      }
      const end = clock() - allRefusedAt < oneFormatMs ? rung + 1 : formats.length
      return formats.slice(rung, end)
    },
    /**
     * The server accepted the format and its answer could be read. A less strict format is kept, except after a first
     * bad sample of the model in a stricter one.
     */
    onAccepted(format: Format, { afterBadSample = false } = {}) {
      const found = formats.indexOf(format)
      allRefusedAt = Number.NEGATIVE_INFINITY
      badSamples = afterBadSample ? badSamples + 1 : 0
      if (badSamples === 1) return
      if (found !== rung) rungSince = clock()
      rung = found
    },
    /** Every format failed, so the format is not the cause. */
    onAllRefused() {
      allRefusedAt = clock()
    },
  }
}
