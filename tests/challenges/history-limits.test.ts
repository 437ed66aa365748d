import { afterAll, beforeAll, expect, test } from 'bun:test'
import { countdown, idsOf, startWithHistory } from '../support/history.ts'
import { expectProblem } from '../support/problem-details.ts'
import type { Server } from '../support/server.ts'

/** 600 challenges of `user_1`, for requests that only read. */
let server: Server
beforeAll(async () => {
  server = await startWithHistory(600)
})
afterAll(() => server[Symbol.asyncDispose]())

test.each([1, 2, 99, 100, 499, 500])(
  'a page with limit %d has that many challenges, and a cursor only if there are more',
  async (limit) => {
    await using server = await startWithHistory(limit + 1)

    const { body } = await server.history('user_1', `?limit=${limit}`)
    expect(idsOf(body)).toEqual(countdown(limit + 1, 2))
    expect(body.next_cursor).toBeString()
    const rest = (await server.history('user_1', `?limit=${limit}&cursor=${body.next_cursor}`)).body
    expect(idsOf(rest)).toEqual([1])
    expect(rest.next_cursor).toBeNull()

    const whole = await server.history('user_1', `?limit=${Math.min(limit + 1, 500)}`)
    if (limit < 500) expect(whole.body.next_cursor).toBeNull()
  },
)

test.each<[name: string, ...values: string[]]>([
  [
    'limit',
    '0',
    '-1',
    '501',
    '1.5',
    '1.0',
    '1e2',
    '1e3',
    '0x10',
    '0b1',
    '',
    '%20',
    '5%20',
    '+5',
    '%2B5',
    '-0',
  ],
  ['limit', 'abc', 'NaN', 'Infinity', 'null', 'true', '5,6', '[5]', '%D9%A5', '1_0', '5%00', '9'.repeat(400)],
  ['difficulty', 'EASY', 'easy%20', '', 'impossible', 'easy,hard', '__proto__'],
  ['cursor', '', '%00', 'nonsense'],
])(
  'an invalid %s is refused with 400, and the problem names the parameter: %j %j %j …',
  async (name, ...values) => {
    for (const value of values) {
      const answer = server.as('user_1', `/api/my-history?${name}=${value}`)
      const { body } = await expectProblem(answer, 400, 'invalid_request')
      expect(body.detail).toStartWith(`${name} must be `)
      await expectProblem(server.fetch(`/api/my-history?${name}=${value}`), 401, 'unauthenticated')
    }
  },
)

test.each([
  'limit=2&limit=3',
  'limit=3&limit=2',
  'limit=501&limit=9999',
  'limit=2&limit=9999',
  'limit=9999&limit=2',
])('a repeated limit is refused with 400, or one valid value is used: %s', async (query) => {
  const values = [...new URLSearchParams(query).values()].map(Number)

  const answer = await server.as('user_1', `/api/my-history?${query}`)

  if (answer.status !== 200) return void (await expectProblem(answer, 400, 'invalid_request'))
  const { challenges } = (await answer.json()) as { challenges: { created_by: string }[] }
  expect(values.filter((value) => value <= 500)).toContain(challenges.length)
  expect(challenges.every(({ created_by }) => created_by === 'user_1')).toBe(true)
})

test('query parameters that the contract does not name are ignored', async () => {
  const asked = '?user_id=user_2&created_by=user_2&offset=2&Limit=0&limit[]=0&limit=2&__proto__=1&source=bank'
  expect(idsOf((await server.history('user_1', asked)).body)).toEqual([600, 599])
})
