import { once } from 'node:events'

/**
 * Writes to standard output, and waits while its reader is slow: an export of any length needs little memory. A reader
 * that has enough, such as `head`, ends the program.
 */
export async function writeOut(text: string) {
  try {
    if (!process.stdout.write(text)) await once(process.stdout, 'drain')
  } catch (error) {
    if ((error as { code?: string }).code === 'EPIPE') process.exit(0)
    throw error
  }
}

/** Shows the number of questions that were read, on a terminal, from the second second on. */
export function createReadCount() {
  const started = performance.now()
  let read = 0
  let isShown = false
  return {
    add(count: number) {
      read += count
      if (!process.stderr.isTTY || performance.now() - started < 1000) return
      isShown = true
      process.stderr.write(`\r${read} questions read`)
    },
    end() {
      if (isShown) process.stderr.write('\r\x1b[K')
    },
  }
}
