import { expect } from 'bun:test'
import type { ProblemCode } from '../../src/problem.ts'
import type { Answer, ProblemBody } from './client.ts'
import { readTables } from './database.ts'
import type { Server } from './server.ts'

/**
 * Reads an answer, and expects problem details (RFC 9457) with this status and code, one sentence as `detail`, and no
 * member that the contract does not name.
 */
export async function expectProblem(
  answer: Response | Promise<Response>,
  status: number,
  code: ProblemCode,
): Promise<{ headers: Headers; body: ProblemBody }> {
  const response = await answer
  const text = await response.text()
  const contentType = response.headers.get('content-type')
  expect({ status: response.status, contentType, text }).toEqual({
    status,
    contentType: 'application/problem+json',
    text: expect.stringMatching(/^\{.*\}$/s),
  })
  const body: ProblemBody = JSON.parse(text)
  expect<object>(body).toEqual({
    type: expect.stringMatching(/^\S+$/),
    title: expect.stringMatching(/^\S[^\n]*\S$/),
    status,
    detail: expect.stringMatching(/^\S[^\n]{3,250}\.$/),
    code,
    ...(code === 'already_answered' && { answer_id: expect.any(Number) }),
    ...(code === 'quota_exhausted' && { next_reset_date: expect.stringMatching(/^\d{4}-.*Z$/) }),
  })
  return { headers: response.headers, body }
}

/** Expects 503 answers that say when to try again, and say nothing about the database. */
export function expectUnavailable(answers: Answer<unknown>[]) {
  for (const { status, headers, problem } of answers) {
    expect([status, problem?.code]).toEqual([503, 'unavailable'])
    expect(Number(headers.get('retry-after'))).toBeWithin(1, 61)
    expect(problem?.detail).not.toMatch(/sqlite|select|\.db/i)
  }
}

/** Expects that a request without a good session is refused, and opens no quota. */
export async function expectSessionRefused(
  server: Server,
  headers: Record<string, string>,
  path = '/api/quota',
) {
  const answer = server.fetch(path, { headers, redirect: 'manual' })
  expect((await expectProblem(answer, 401, 'unauthenticated')).headers.get('www-authenticate')).toBe('Bearer')
  expect(readTables(server)).toEqual({ challenges: [], quotas: [] })
}
