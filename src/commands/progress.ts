/** The width of a terminal that does not tell its own. */
const usualColumns = 80

export type Progress = ReturnType<typeof createProgress>

/**
 * Shows what a command is doing: one line of standard error, which every step replaces, and which is gone at the end.
 * Shows nothing if standard error is not a terminal.
 */
export function createProgress() {
  let isShown = false

  function erase() {
    if (isShown) process.stderr.write('\r\x1b[K')
    isShown = false
  }

  return {
    /** Replaces the line. */
    show(text: string) {
      if (!process.stderr.isTTY) return
      // A text that fills the line would wrap, and only its last line could be erased.
      const room = (process.stderr.columns || usualColumns) - 1
      process.stderr.write(`\r${text.slice(0, room)}\x1b[K`)
      isShown = true
    },

    /** Prints to standard output. Erases the line first, since both may be the same terminal. */
    print(text: string) {
      erase()
      process.stdout.write(text)
    },

    [Symbol.dispose]: erase,
  }
}
