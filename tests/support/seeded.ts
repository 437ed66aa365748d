/** Random numbers and choices that are the same for the same seed (mulberry32). */
export function seeded(seed: number) {
  let state = seed >>> 0

  /** From 0 up to 1, exclusively. */
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  const whole = (from: number, to: number) => from + Math.floor(next() * (to - from + 1))
  return {
    next,
    /** A whole number from `from` to `to`, inclusively. */
    whole,
    pick: <T>(from: readonly T[]): T => from[whole(0, from.length - 1)] as T,
    chance: (probability: number) => next() < probability,
  }
}

export type Seeded = ReturnType<typeof seeded>
