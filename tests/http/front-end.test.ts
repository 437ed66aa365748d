import { expect, test } from 'bun:test'
import type { QuotaSchema } from '../../src/quota/schemas.ts'
import { origin, sessionToken } from '../support/clerk.ts'
import type { Challenge, History, ProblemBody } from '../support/client.ts'
import { type Server, startServer } from '../support/server.ts'

/**
 * The function with which the original front end calls the server, unchanged: it sends `Content-Type` with a GET too,
 * shows `detail` of errors and has its own text for 429. A browser adds the origin, and sends a preflight first.
 */
function frontEnd(server: Server, token: string) {
  return async function makeRequest<Body>(endpoint: string, options: RequestInit = {}): Promise<Body> {
    const asked = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` }
    const path = `/api/${endpoint}`
    await preflight(server, path, options.method ?? 'GET')
    const response = await server.fetch(path, { headers: { ...asked, Origin: origin }, ...options })
    expect(response.headers.get('access-control-allow-origin')).toBe(origin)

    if (!response.ok) {
      const errorData = (await response.json().catch(() => null)) as ProblemBody | null
      if (response.status === 429) throw new Error('Daily quota exceeded')
      throw new Error(errorData?.detail || 'An error occurred')
    }
    return (await response.json()) as Body
  }
}

/** Expects the permissions that a browser needs to send a session to another origin. */
async function preflight(server: Server, path: string, method: string) {
  const { status, headers } = await server.fetch(path, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': method,
      'access-control-request-headers': 'authorization,content-type',
    },
  })
  const listed = (name: string) => headers.get(name)?.split(/,\s*/)
  expect(status).toBeWithin(200, 300)
  expect(headers.get('access-control-allow-origin')).toBe(origin)
  expect(listed('access-control-allow-methods')).toContain(method)
  expect(listed('access-control-allow-headers')).toEqual(
    expect.arrayContaining(['authorization', 'content-type']),
  )
}

/** The requests of the front end for a signed-in user. */
async function session(server: Server, { seconds = 60 } = {}) {
  const makeRequest = frontEnd(server, await sessionToken('user_1', { seconds }))
  return {
    quota: () => makeRequest<typeof QuotaSchema.static>('quota'),
    history: () => makeRequest<History>('my-history'),
    generate: (difficulty: string) =>
      makeRequest<Challenge>('generate-challenge', {
        method: 'POST',
        body: JSON.stringify({ difficulty }),
      }),
  }
}

const isoDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

test('the quota counts down, and has the date of the next reset', async () => {
  await using server = await startServer({ env: { QUOTA_INITIAL: '3' } })
  const user = await session(server)
  const before = Date.now()

  const quota = await user.quota()

  expect<object>(quota).toEqual({
    id: expect.any(Number),
    user_id: 'user_1',
    quota_remaining: 3,
    quota_limit: 3,
    last_reset_date: expect.stringMatching(isoDate),
    next_reset_date: expect.stringMatching(isoDate),
    last_reset_data: quota.last_reset_date,
  })
  // The original front end adds 24 hours to the misspelt member itself.
  const shown = new Date(quota.last_reset_data)
  expect(shown.getTime()).toBeWithin(before, Date.now() + 1)
  expect(shown.getTime() + 24 * 60 * 60 * 1000).toBe(new Date(quota.next_reset_date).getTime())
  await user.generate('easy')
  expect((await user.quota()).quota_remaining).toBe(2)
})

test.each(['easy', 'medium', 'hard'])(
  'a generated %s challenge can be shown and marked',
  async (difficulty) => {
    await using server = await startServer()
    const user = await session(server)

    const challenge = await user.generate(difficulty)

    const { option_notes, ...shown } = challenge
    expect(option_notes ?? [0, 1, 2, 3]).toHaveLength(4)
    expect<object>(shown).toEqual({
      id: expect.any(Number),
      difficulty,
      title: expect.stringMatching(/\S/),
      options: expect.any(Array),
      correct_answer_id: expect.any(Number),
      explanation: expect.stringMatching(/\S/),
      timestamp: expect.stringMatching(isoDate),
      source: 'bank',
      // The original's front end ignores the members below.
      topic: expect.any(String),
      charged: true,
      answer: null,
    })
    expect(challenge.options).toHaveLength(4)
    // The front end compares the index of the chosen option with `correct_answer_id`.
    expect(challenge.options[challenge.correct_answer_id]).toBeString()
  },
)

test('the history lists the generated challenges, each with its own id', async () => {
  await using server = await startServer()
  const user = await session(server)
  expect<object>(await user.history()).toEqual({ challenges: [], next_cursor: null })
  const first = await user.generate('easy')
  const second = await user.generate('hard')

  const { challenges } = await user.history()

  expect<object[]>(challenges).toEqual(
    [second, first].map(({ timestamp, ...shown }) => ({
      ...shown,
      date_created: timestamp,
      created_by: 'user_1',
      retired: false,
    })),
  )
  expect(new Set(challenges.map(({ id }) => id)).size).toBe(2)
})

test('the front end shows `detail` of an error, and its own text for 429', async () => {
  await using server = await startServer({ env: { QUOTA_INITIAL: '1' } })
  const user = await session(server)
  const expired = await session(server, { seconds: -600 })

  await expect(expired.quota()).rejects.toThrow(/sign in again\.$/)
  await expect(user.generate('impossible')).rejects.toThrow('difficulty must be easy, medium or hard.')
  await user.generate('easy')
  await expect(user.generate('easy')).rejects.toThrow('Daily quota exceeded')
  expect((await user.quota()).quota_remaining).toBe(0)
})
