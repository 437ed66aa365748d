import { limits } from './limits.ts'

/** How long the server waits for others, in milliseconds. Tests hand shorter times to `compose`. */
export const defaultTimings = {
  /** The time that a client has to send a body. */
  bodyMs: limits.bodyArrivalMs,
  /** The longest wait for the lock of a SQLite file that another process holds. */
  lockMs: 5000,
  /** How long a start tries again while PostgreSQL is unreachable. */
  databaseStartMs: 30_000,
  /** The longest wait for Clerk's key set. */
  clerkTimeoutMs: 5000,
  /** The time from the end of one refresh of Clerk's key set to the next. */
  clerkCooldownMs: 1000,
  /** The pause after a call of the model that failed. */
  modelPauseMs: 200,
  /** The time from the start to the first look-up of the models. */
  watchFirstMs: 2000,
  /** The time between look-ups of the models, and between repetitions of a notice. */
  watchIntervalMs: 60 * 60 * 1000,
  /** The pause after the pool's filler failed once; it doubles with each further failure in a row. */
  poolPauseMs: 2000,
  /** The time between two searches for suspected questions. */
  lookIntervalMs: 60_000,
  /** The longest that a stop waits for the requests in flight. */
  drainMs: 30_000,
  /** The longest that a stop then waits for the last answers to be sent. */
  flushMs: 500,
  /** The longest that a stop waits for the database to close. */
  closeMs: 6000,
}

export type Timings = Record<keyof typeof defaultTimings, number>
