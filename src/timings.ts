/** How long the server waits for others, in milliseconds. Tests hand shorter times to `compose`. */
export const defaultTimings = {
  /** The longest that a stop waits for the requests in flight. */
  drainMs: 30_000,
  /** The longest that a stop then waits for the last answers to be sent. */
  flushMs: 500,
  /** The longest that a stop waits for the database to close. */
  closeMs: 6000,
}

export type Timings = typeof defaultTimings
