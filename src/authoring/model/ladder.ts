import { APIError } from 'openai'

/** Response formats, the strictest first; `text` sends no format. */
export const formats = ['json_schema', 'json_object', 'text'] as const

export type Format = (typeof formats)[number]

/** Statuses by which servers refuse a response format. The same statuses have other causes too. */
const refusalStatuses = [400, 404, 415, 422, 500, 501]

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
    /** The server accepted the format and its answer could be read. */
    onAccepted(format: Format) {
      const found = formats.indexOf(format)
      if (found !== rung) rungSince = clock()
      rung = found
      allRefusedAt = Number.NEGATIVE_INFINITY
    },
    /** Every format failed, so the format is not the cause. */
    onAllRefused() {
      allRefusedAt = clock()
    },
  }
}

/** Whether the response format may be the cause of the error. */
export function mayRefuseFormat(error: unknown): boolean {
  return error instanceof APIError && refusalStatuses.includes(error.status ?? 0)
}
