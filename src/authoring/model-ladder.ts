import { APIError } from 'openai'

/** From the strictest response format to none. */
export const formats = ['json_schema', 'json_object', 'text'] as const

export type Format = (typeof formats)[number]

/** How servers refuse a response format, beside many other things: their words do not tell which. */
const refusals = [400, 404, 415, 422, 500, 501]

/** How long a lower rung is kept before a higher one is tried again, in milliseconds. */
const keptMs = 60 * 60 * 1000
/** How long no lower rung is tried after the server refused them all, in milliseconds: an outage looks the same. */
const restMs = 60_000

/**
 * Which response format a server is asked for: the strictest that it has been seen to answer. `clock` gives
 * milliseconds and never goes back.
 */
export function createLadder(clock: () => number) {
  let rung = 0
  let keptSince = 0
  let refusedAll = Number.NEGATIVE_INFINITY

  return {
    /** The formats to try in one call, in order. After an hour, one call at a time begins at the top again. */
    rungs(): readonly Format[] {
      if (rung > 0 && clock() - keptSince >= keptMs) {
        keptSince = clock()
        return formats
      }
      const last = clock() - refusedAll < restMs ? rung + 1 : formats.length
      return formats.slice(rung, last)
    },
    /** The server answered, and the answer could be read. */
    worked(format: Format) {
      const found = formats.indexOf(format)
      if (found !== rung) keptSince = clock()
      rung = found
      refusedAll = Number.NEGATIVE_INFINITY
    },
    /** The server refused every format: that is not about formats. */
    refusedAll() {
      refusedAll = clock()
    },
  }
}

/** Whether the server may have meant the response format. */
export function mayRefuseFormat(error: unknown): boolean {
  return error instanceof APIError && refusals.includes(error.status ?? 0)
}
