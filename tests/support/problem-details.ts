import { expect } from 'bun:test'
import type { ProblemCode } from '../../src/problem.ts'

export type ProblemBody = {
  type: string
  title: string
  status: number
  detail: string
  code: string
  next_reset_date?: string
}

/**
 * Reads an answer that must be a problem (RFC 9457) with this status and code, and nothing beside what the contract
 * names: its words, at least one sentence for a person, are the last thing a caller looks at.
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
  expect(body).toEqual({
    type: expect.stringMatching(/^\S+$/),
    title: expect.stringMatching(/^\S[^\n]*\S$/),
    status,
    detail: expect.stringMatching(/^\S[^\n]{3,250}\.$/),
    code,
    ...(code === 'quota_exhausted' && { next_reset_date: expect.stringMatching(/^\d{4}-.*Z$/) }),
  })
  return { headers: response.headers, body }
}
