/** From the most to say to nothing at all. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

type LogLevel = (typeof logLevels)[number]

type Write = (fields: object | string, message?: string) => void

/** JSON lines. Callers name the fields they log; no token, key, body or e-mail address is ever one of them. */
export type Log = Record<'info' | 'warn' | 'error', Write>

/** A log that writes its lines to `output`, from `level` on. `now` is in epoch milliseconds. */
export function createLog(
  level: LogLevel,
  output: { write: (line: string) => void },
  now: () => number = Date.now,
): Log {
  const clock = createClock(now)
  const at = (name: LogLevel): Write =>
    logLevels.indexOf(name) < logLevels.indexOf(level)
      ? () => undefined
      : (fields, message) => {
          const time = clock()
          const line =
            typeof fields === 'string'
              ? { level: name, time, msg: fields }
              : { level: name, time, ...fields, msg: message }
          output.write(`${JSON.stringify(line)}\n`)
        }
  return { info: at('info'), warn: at('warn'), error: at('error') }
}

/** The time in ISO 8601, put into words once in each millisecond: under load many lines share one. */
function createClock(now: () => number) {
  let last = 0
  let words = ''
  return () => {
    const moment = now()
    if (moment !== last) words = new Date(moment).toISOString()
    last = moment
    return words
  }
}

/**
 * What may be logged of an error that is our fault: its kind, its code and where it was thrown. Messages are left
 * out, since they quote what they stumbled over, except the database's own, which name no values.
 */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error }
  const { code, errno } = error as { code?: unknown; errno?: unknown }
  return {
    error: error.name,
    ...(typeof code === 'string' && { errorCode: code }),
    // PostgreSQL's SQLSTATE, SQLite's and the system's numbers.
    ...(errno !== undefined && { errorNumber: String(errno) }),
    ...(error.name === 'SQLiteError' && { errorMessage: error.message }),
    at: error.stack
      ?.split('\n')
      .map((line) => line.trim())
      .filter((line) => line.startsWith('at '))
      .slice(0, 8),
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
    ...(error instanceof AggregateError && { causes: error.errors.map(describeError) }),
  }
}
