import { expect, test } from 'bun:test'
import { withJitter } from '../src/jitter.ts'
import { defaultTimings } from '../src/timings.ts'

test('the default time-outs are those of the documentation', () => {
  expect(defaultTimings).toMatchObject({
    bodyMs: 10_000,
    lockMs: 5000,
    databaseStartMs: 30_000,
    clerkTimeoutMs: 5000,
    drainMs: 30_000,
  })
})

test('jitter changes a pause by half of its length at most', () => {
  const pauses = Array.from({ length: 1000 }, () => withJitter(100))

  for (const pause of pauses) expect(pause).toBeWithin(50, 150)
  expect(Math.max(...pauses) - Math.min(...pauses)).toBeGreaterThan(50)
})
