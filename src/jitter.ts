/**
 * A random time from half of `milliseconds` to one and a half times as long, so that processes that failed together do
 * not try again together.
 */
export function withJitter(milliseconds: number): number {
  return milliseconds * (0.5 + Math.random())
}
