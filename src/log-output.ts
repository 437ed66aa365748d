/** What the reader of the log may leave unread, in characters; then lines are lost, not memory. */
const backlog = 8 * 1024 * 1024
/** How far apart two writes are, in milliseconds: each is a system call. */
const pause = 10

/**
 * Standard output, as a log of JSON lines. It never waits: whoever reads it may have stalled. A process that ends on its
 * own account still writes what was gathered, as far as the pipe takes it.
 */
export function createLogOutput() {
  let gathered = ''
  let unread = 0
  let lost = 0
  let nextWrite = 0
  process.on('exit', writeGathered)
  // A full disk, or a reader that has gone: to log that would fail in the same way, again and again.
  process.stdout.on('error', () => undefined)

  return {
    /** What comes after a while of silence is written at once, what comes thick and fast together. */
    write(line: string) {
      if (unread + gathered.length > backlog) {
        lost++
        return
      }
      if (gathered === '') setTimeout(writeGathered, Math.max(0, nextWrite - performance.now()))
      gathered += lossLine() + line
    },

    /** Resolves when every line has been taken, or after a second. */
    async flush() {
      gathered += lossLine()
      writeGathered()
      const deadline = performance.now() + 1000
      while (unread > 0 && performance.now() < deadline) await Bun.sleep(5)
    },
  }

  function lossLine() {
    if (lost === 0) return ''
    const line = `${JSON.stringify({ level: 'warn', lost, msg: 'log lines that nobody read' })}\n`
    lost = 0
    return line
  }

  function writeGathered() {
    const { length } = gathered
    if (length === 0) return
    unread += length
    nextWrite = performance.now() + pause
    process.stdout.write(gathered, () => {
      unread -= length
    })
    gathered = ''
  }
}
