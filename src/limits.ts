/** Limits of requests. Both the checks and the error sentences use these numbers. */
export const limits = {
  /** Bytes of a JSON body. */
  jsonBodyBytes: 64 * 1024,
  /** Bytes of a webhook's body. */
  webhookBodyBytes: 256 * 1024,
  /** Bytes of a refused body that are read and discarded before the connection is closed; nginx passes no more on. */
  discardedBodyBytes: 1024 * 1024,
  /** Milliseconds until the whole body must have arrived. */
  bodyArrivalMs: 10_000,
  /**
   * Nested arrays and objects of a JSON body, and of a model's answer: deeper nesting is an attack on recursion, and
   * `JSON.parse` is slow with 100 000 levels.
   */
  jsonDepth: 64,
  /** Characters of an `Idempotency-Key`. */
  idempotencyKeyLength: 255,
  /** Characters of a user's id. */
  userIdLength: 255,
  /** Characters of a session token; Clerk's are far shorter. */
  sessionTokenLength: 8192,
  /** Characters of the comment of a report. */
  reportCommentLength: 500,
  /** Challenges on a page of the history. */
  pageSize: { minimum: 1, maximum: 500, default: 100 },
} as const

/** A number of bytes in words. */
export const toKibibytes = (bytes: number) => `${bytes / 1024} KiB`

/** A number of milliseconds in words. */
export const toSeconds = (ms: number) => `${ms / 1000} seconds`

/** Seconds as hours and minutes, rounded up: "23 hours and 59 minutes". */
export function toWait(seconds: number): string {
  if (seconds < 60) return 'less than a minute'
  const minutes = Math.ceil(seconds / 60)
  const parts = { hours: Math.floor(minutes / 60), minutes: minutes % 60 }
  return new Intl.DurationFormat('en', { style: 'long' }).format(parts).replace(',', ' and')
}
