import { expect } from 'bun:test'
import { startServer } from './server.ts'

export const second = 1000
export const hour = 3600 * second
export const day = 24 * hour
/** In Europe clocks are put forward in the night that follows: the server must count 24 hours, not a day. */
export const noon = Date.UTC(2026, 2, 28, 12)

/** A time as the server writes it. */
export const iso = (time: number) => new Date(time).toISOString()

/** A server whose clock stands at noon until the test sets it. */
export async function startWithClock(env: Record<string, string> = {}) {
  const clock = { now: noon }
  const server = await startServer({ env, now: () => clock.now })
  const quota = async (userId = 'user_1') => {
    const { status, body } = await server.quota(userId)
    expect(status).toBe(200)
    return body
  }
  return { server, clock, quota, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}
