import { type LogFormat, type LogLevel, logLevels, toJsonLine } from './log-format.ts'

type Write = (fields: object | string, message?: string) => void

/** Logs lines. Callers choose the fields, and must not pass a token, key, body or e-mail address. */
export type Log = Record<'info' | 'warn' | 'error', Write>

/**
 * Creates a log that writes lines of `level` and above to `output`, as JSON unless `output` has a format. `now` is in epoch
 * milliseconds.
 */
export function createLog(
  level: LogLevel,
  { write, format = toJsonLine }: { write: (line: string) => void; format?: LogFormat },
  now: () => number = Date.now,
): Log {
  const clock = createClock(now)
  const createWrite = (name: LogLevel): Write =>
    logLevels.indexOf(name) < logLevels.indexOf(level)
      ? () => undefined
      : (fields, message) => {
          const time = clock()
          const line =
            typeof fields === 'string'
              ? { level: name, time, msg: fields }
              : { level: name, time, ...fields, msg: message }
          write(format(line))
        }
  return { info: createWrite('info'), warn: createWrite('warn'), error: createWrite('error') }
}

/** Creates a clock that gives ISO 8601. Under load many lines share a millisecond, so the text is cached. */
function createClock(now: () => number) {
  let last = Number.NaN
  let text = ''
  return () => {
    const milliseconds = now()
    if (milliseconds !== last) text = new Date(milliseconds).toISOString()
    last = milliseconds
    return text
  }
}

/**
 * The loggable fields of an unexpected error: name, codes, stack and causes. Messages are omitted, because they may
 * quote user data; SQLite's messages are included, because they quote no values.
 */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error }
  const { code, errno } = error as { code?: unknown; errno?: unknown }
  return {
    error: error.name,
    ...(typeof code === 'string' && { errorCode: code }),
    // PostgreSQL's SQLSTATE, or an error number of SQLite or the system.
    ...(errno !== undefined && { errorNumber: String(errno) }),
    ...(error.name === 'SQLiteError' && { errorMessage: error.message }),
    at: listFrames(error),
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
    ...(error instanceof AggregateError && { causes: error.errors.map(describeError) }),
  }
}

/** Lists the first frames of an error's stack. The stack begins with the message, whose lines may look like frames. */
function listFrames({ stack = '', message }: Error): string[] {
  return stack
    .slice(stack.indexOf(message) + message.length)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '))
    .slice(0, 8)
}
