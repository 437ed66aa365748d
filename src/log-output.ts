/** What the reader of the log may leave unread, in characters; then lines are lost, not memory. */
const backlog = 8 * 1024 * 1024

/**
 * Standard output, as a log of JSON lines. It never waits: whoever reads it may have stalled. A process that ends on its
 * own account still writes what was gathered.
 */
export function createLogOutput() {
  let gathered = ''
  let unread = 0
  let lost = 0
  process.on('exit', writeGathered)
  // A full disk, or a reader that has gone: to log that would fail in the same way, again and again.
  process.stdout.on('error', () => undefined)

  return {
    /** The lines of one turn of the event loop are written together. */
    write(line: string) {
      if (unread > backlog) {
        lost++
        return
      }
      if (gathered === '') setImmediate(writeGathered)
      if (lost > 0)
        gathered += `${JSON.stringify({ level: 'warn', lost, msg: 'log lines that nobody read' })}\n`
      lost = 0
      gathered += line
    },

    /** Resolves when every line has been taken, or after a second. */
    async flush() {
      writeGathered()
      const deadline = performance.now() + 1000
      while (unread > 0 && performance.now() < deadline) await Bun.sleep(5)
    },
  }

  function writeGathered() {
    const { length } = gathered
    if (length === 0) return
    unread += length
    process.stdout.write(gathered, () => {
      unread -= length
    })
    gathered = ''
  }
}
