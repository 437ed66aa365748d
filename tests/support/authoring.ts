import { expect } from 'bun:test'
import type { Server } from './server.ts'

/** The log and the answers as one text, to search it for words that must not occur. */
export function readOutput(server: Server, ...answers: unknown[]): string {
  return JSON.stringify([server.lines, ...answers])
}

/** Expects that the user gets a challenge of the bank without a charge, and returns the challenge. */
export async function expectFreeBankChallenge(server: Server, userId = 'user_1', difficulty = 'easy') {
  const before = (await server.quota(userId)).body.quota_remaining
  const { status, body } = await server.generate(userId, difficulty)
  expect(status).toBe(200)
  expect(body).toMatchObject({ source: 'bank', difficulty })
  expect((await server.quota(userId)).body.quota_remaining).toBe(before)
  return body
}

/** A pause longer than the budget of a generation, so that a failed model call is not repeated. */
export const oneAttempt = { modelPauseMs: 100_000 }
