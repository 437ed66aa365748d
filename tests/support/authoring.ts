import { expect } from 'bun:test'
import type { Server } from './server.ts'

/** Waits until something holds that happens in the background; a test that waits in vain fails within seconds. */
export async function eventually(holds: () => boolean, what: string) {
  const end = performance.now() + 10_000
  while (!holds()) {
    if (performance.now() > end) throw new Error(`It never came about: ${what}`)
    await Bun.sleep(5)
  }
}

/** How many challenges wait in the pool, as the database file says. */
export function readyIn(server: Server, difficulty: string): number {
  using database = server.database()
  const count = `SELECT count(*) AS ready FROM questions WHERE state = 'ready' AND difficulty = ?`
  return database.query<{ ready: number }, [string]>(count).get(difficulty)?.ready ?? 0
}

/** Everything that the server has told anybody, as one text. */
export function toldBy(server: Server, ...answers: unknown[]): string {
  return JSON.stringify([server.lines, ...answers])
}

/** Expects that the user is given a challenge of the bank for nothing, and gives it back. */
export async function expectFreeBankChallenge(server: Server, userId = 'user_1', difficulty = 'easy') {
  const before = (await server.quota(userId)).body.quota_remaining
  const { status, body } = await server.generate(userId, difficulty)
  expect(status).toBe(200)
  expect(body).toMatchObject({ source: 'bank', difficulty })
  expect((await server.quota(userId)).body.quota_remaining).toBe(before)
  return body
}

/** A pause that is longer than the budget of a generation: a model that failed is not asked again. */
export const oneAttempt = { modelPauseMs: 100_000 }
