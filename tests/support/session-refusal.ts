import { expect } from 'bun:test'
import { expectProblem } from './problem-details.ts'
import type { Server } from './server.ts'
import { contentsOf } from './table-contents.ts'

/** Asks for the quota, which an accepted session would open, and expects that nothing happens. */
export async function expectRefused(server: Server, headers: Record<string, string>, path = '/api/quota') {
  const answer = server.fetch(path, { headers, redirect: 'manual' })
  expect((await expectProblem(answer, 401, 'unauthenticated')).headers.get('www-authenticate')).toBe('Bearer')
  expect(contentsOf(server)).toEqual({ challenges: [], quotas: [] })
}
