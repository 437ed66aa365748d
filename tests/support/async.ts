/** Runs `work` `count` times at once, each time with its number. */
export function parallel<T>(count: number, work: (n: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, n) => work(n)))
}

/** Calls `look` again and again, for 30 seconds unless told otherwise, and returns its first truthy value. */
export async function until<T>(
  look: () => T | undefined | false | Promise<T | undefined | false>,
  description: string,
  milliseconds = 30_000,
): Promise<T> {
  const deadline = performance.now() + milliseconds
  for (;;) {
    const seen = await look()
    if (seen) return seen
    if (performance.now() > deadline) throw new Error(`Still not true: ${description}.`)
    await Bun.sleep(5)
  }
}
