import { expect } from 'bun:test'
import type { Body } from './server.ts'

/** Every answer says that the database is out of reach, when to try again, and nothing of what lies behind. */
export function expectUnavailable(answers: { status: number; headers: Headers; body: Body }[]) {
  for (const { status, headers, body } of answers) {
    expect([status, body.code]).toEqual([503, 'unavailable'])
    expect(Number(headers.get('retry-after'))).toBeWithin(1, 61)
    expect(body.detail).not.toMatch(/sqlite|select|\.db/i)
  }
}
