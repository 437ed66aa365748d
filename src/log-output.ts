import { type LogFormat, toJsonLine } from './log-format.ts'

/** The maximum unflushed output, in characters. Further lines are dropped, so that memory stays bounded. */
const maxUnread = 8 * 1024 * 1024
/** The minimum time between two writes, in milliseconds: each write is a system call. */
const writeInterval = 10

/**
 * Writes log lines to standard output and never blocks on a stalled reader. On exit the process writes the buffered
 * lines, as far as the pipe accepts them.
 */
export function createLogOutput(format: LogFormat = toJsonLine) {
  let buffered = ''
  let unread = 0
  let lost = 0
  let nextWrite = 0
  process.on('exit', writeBuffered)
  // A full disk or a closed pipe: logging the error would fail in the same way.
  process.stdout.on('error', () => undefined)

  return {
    format,

    /** Writes at once after a pause; collects lines that follow one another closely into one write. */
    write(line: string) {
      if (unread + buffered.length > maxUnread) {
        lost++
        return
      }
      if (buffered === '') setTimeout(writeBuffered, Math.max(0, nextWrite - performance.now()))
      buffered += takeLossLine() + line
    },

    /** Resolves when the reader has taken every line, or after a second. */
    async flush() {
      buffered += takeLossLine()
      writeBuffered()
      const deadline = performance.now() + 1000
      while (unread > 0 && performance.now() < deadline) await Bun.sleep(5)
    },
  }

  /** A line with the number of lost lines, which starts at 0 again; empty if no line was lost. */
  function takeLossLine() {
    if (lost === 0) return ''
    const time = new Date().toISOString()
    const line = format({ level: 'warn', time, lost, msg: 'log lines were lost' })
    lost = 0
    return line
  }

  function writeBuffered() {
    const { length } = buffered
    if (length === 0) return
    unread += length
    nextWrite = performance.now() + writeInterval
    process.stdout.write(buffered, () => {
      unread -= length
    })
    buffered = ''
  }
}
