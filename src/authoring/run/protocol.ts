/**
 * The kinds of code that a program can be: a CommonJS module as Node takes a `.js` file, a script as browsers take it,
 * or a module, which is strict; or a script that is one expression, whose value counts.
 */
export type Mode = 'commonjs' | 'script' | 'module' | 'expression'

/** The outcome of one run. A run that a doubt or a bound ended has none, and proves nothing. */
export type Outcome = {
  lines: { text: string; stream: 'output' | 'error' }[]
  /** Whether a printed value can be written in several ways, such as a `Map` or an instance of a class. */
  styled: boolean
  /** The uncaught error. */
  failure: { name: string; message: string } | undefined
  /** The value of an expression: as text, as `console.log` prints it, and as JSON. */
  value: { texts: string[]; primitive: boolean } | undefined
}

/** `expressionOnly`: the source proves nothing if it is more than an expression. */
export type Job = { source: string; expressionOnly: boolean; typescript: boolean }

/** The message to the worker: a job, the compiled engine, and the time of each run in milliseconds. */
export type TimedJob = Job & { engine: WebAssembly.Module; runMs: number }

/** The time limits of a sandbox, in milliseconds. */
export type TimeLimits = {
  /** For one run. A run that takes longer is the last of its question. */
  runMs: number
  /** For the worker, if it does not end its runs itself. */
  killMs: number
  /** For the worker to start. */
  startMs: number
}

export const timeLimits: TimeLimits = { runMs: 1000, killMs: 4000, startMs: 15_000 }

/** The other bounds of a sandbox. */
export const bounds = {
  /** Pages of 64 KiB: 64 MB. */
  memoryPages: 1024,
  /** The size of the engine's stack, in bytes. */
  stackBytes: 900 * 1024,
  /** The maximum length of the output, in UTF-16 code units. */
  outputLength: 10_000,
  timers: 1000,
}
