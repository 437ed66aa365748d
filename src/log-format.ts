/** From the most verbose to no output. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

export type LogLevel = (typeof logLevels)[number]

/** A line of the log. `time` is in ISO 8601. */
type LogLine = { level: LogLevel; time: string; msg?: string | undefined; [field: string]: unknown }

export type LogFormat = (line: LogLine) => string

/** JSON lines; on a terminal in development, lines for people. */
export function chooseLogFormat({ production, isTTY }: { production: boolean; isTTY: boolean }): LogFormat {
  return isTTY && !production ? toTextLine : toJsonLine
}

export const toJsonLine: LogFormat = (line) => `${JSON.stringify(line)}\n`

/** The local time, the level and the message; then the other fields, and the frames of a stack on lines of their own. */
export const toTextLine: LogFormat = ({ level, time, msg, ...fields }) => {
  const { at, ...rest } = fields
  const clock = new Date(time).toTimeString().slice(0, 8)
  const text = msg === 'request' ? describeRequest(rest) : [msg, ...listFields(rest)].join('  ')
  const frames = Array.isArray(at) ? at.map((frame) => `\n           ${frame}`) : []
  return `${clock}  ${level.padEnd(5)}  ${text}${frames.join('')}\n`
}

function describeRequest({
  method,
  path,
  status,
  ms,
  userId,
  requestId: _,
  ...rest
}: Record<string, unknown>) {
  return [`${method} ${path} ${status}`, `${ms} ms`, ...(userId ? [userId] : []), ...listFields(rest)].join(
    '  ',
  )
}

/** `name=value`. JSON escapes the control characters that a terminal would obey. */
function listFields(fields: Record<string, unknown>): string[] {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${isPlain(value) ? value : JSON.stringify(value)}`)
}

function isPlain(value: unknown): boolean {
  return typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)
}
