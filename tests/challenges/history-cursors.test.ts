import { expect, test } from 'bun:test'
import { noon } from '../support/clock.ts'
import { addChallenges } from '../support/database.ts'
import { expectProblem } from '../support/problem-details.ts'
import { type Server, startServer } from '../support/server.ts'

const encoded = (text: string) => Buffer.from(text).toString('base64url')

/** Two users with ten alternating challenges each, and a cursor of `user_1` after the fourth challenge. */
async function startWithCursor() {
  const server = await startServer()
  const rows = Array.from({ length: 20 }, (_, n) => ({ id: n + 1, date: noon + n }))
  addChallenges(
    server,
    rows.map((row) => ({ ...row, createdBy: row.id % 2 === 0 ? 'user_1' : 'user_2' })),
  )
  const { next_cursor } = (await server.history('user_1', '?limit=4')).body
  expect(next_cursor).toMatch(/^[\w-]{4,}$/)
  return { server, cursor: next_cursor ?? '', [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

/** Expects 400, or a page of the user's own rows in their order. */
async function expectHarmless(server: Server, userId: string, cursor: string) {
  const answer = await server.as(userId, `/api/my-history?limit=500&cursor=${encodeURIComponent(cursor)}`)
  if (answer.status !== 200) return expectProblem(answer, 400, 'invalid_request')
  const { challenges } = (await answer.json()) as { challenges: { id: number; created_by: string }[] }
  const ids = challenges.map(({ id }) => id)
  expect(challenges.every(({ created_by }) => created_by === userId)).toBe(true)
  expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => b - a))
}

test('a page reaches challenges from before 1970 and with negative ids, as an import may bring them', async () => {
  await using server = await startServer()
  const ids = [-3, 0, 2, Number.MAX_SAFE_INTEGER - 1]
  addChallenges(
    server,
    ids.map((id, n) => ({ id, date: Date.UTC(1968 + n) })),
  )

  const { next_cursor } = (await server.history('user_1', '?limit=2')).body
  const { body } = await server.history('user_1', `?limit=1&cursor=${next_cursor}`)
  const last = await server.history('user_1', `?cursor=${body.next_cursor}`)

  expect([...body.challenges, ...last.body.challenges].map(({ id }) => id)).toEqual([0, -3])
})

test('a cursor of another user leads to the user’s own rows only', async () => {
  await using setup = await startWithCursor()
  const { server, cursor } = setup

  await expectHarmless(server, 'user_2', cursor)
  await expectHarmless(server, 'user_3', cursor)
  expect((await server.history('user_1', `?cursor=${cursor}`)).body.challenges.map(({ id }) => id)).toEqual([
    12, 10, 8, 6, 4, 2,
  ])
})

test('a cursor that was truncated, extended or changed leads to the user’s own rows or to 400', async () => {
  await using setup = await startWithCursor()
  const { server, cursor } = setup
  const variants = new Set([...cursor].map((_, n) => cursor.slice(0, n + 1)).slice(0, -1))
  for (let n = 0; n < cursor.length; n++) {
    variants.add(cursor.slice(n + 1) || 'A')
    for (const letter of 'A9z-_') variants.add(cursor.slice(0, n) + letter + cursor.slice(n + 1))
  }
  for (const more of ['A', '=', '==', '%00', ' ', cursor, '.', 'é']) variants.add(cursor + more)
  variants.delete(cursor)

  for (const variant of variants) await expectHarmless(server, 'user_1', variant)
  expect(variants.size).toBeGreaterThan(60)
})

test('text that was never a cursor is refused with 400', async () => {
  await using setup = await startWithCursor()
  const garbage = [
    'null',
    'undefined',
    '0',
    '10',
    '../../etc/passwd',
    "' OR 1=1 --",
    '{}',
    '[object Object]',
    '\0',
    '💥',
    'A'.repeat(10_000),
    ...[
      '',
      '1',
      '1.',
      '.1',
      '--1.1',
      '1.--1',
      '1.1.1',
      '1e3.1',
      'NaN.NaN',
      'Infinity.1',
      '0x10.1',
      ' 1.1',
    ].map(encoded),
    ...['1.1\n', '9'.repeat(40), `${'9'.repeat(40)}.1`, '{"dateCreated":1,"id":1}', '1.1;DROP TABLE x'].map(
      encoded,
    ),
  ]

  for (const cursor of garbage) {
    const answer = setup.server.as('user_1', `/api/my-history?cursor=${encodeURIComponent(cursor)}`)
    const { body } = await expectProblem(answer, 400, 'invalid_request')
    expect(body.detail).toStartWith('cursor must be ')
  }
})

test('a cursor of the far future or past gives all of the user’s own rows, no row, or 400', async () => {
  await using setup = await startWithCursor()
  const { server } = setup

  for (const date of [0, 1, noon - 1, noon + 100, 8.64e15, Number.MAX_SAFE_INTEGER]) {
    for (const id of [0, 1, Number.MAX_SAFE_INTEGER])
      await expectHarmless(server, 'user_1', encoded(`${date}.${id}`))
  }
})

test('a cursor may be used with a filter, and more than once', async () => {
  await using setup = await startWithCursor()
  const { server, cursor } = setup

  const [first, second] = await Promise.all([
    server.history('user_1', `?limit=3&cursor=${cursor}`),
    server.history('user_1', `?limit=3&cursor=${cursor}`),
  ])
  const filtered = await server.history('user_1', `?cursor=${cursor}&difficulty=hard`)

  expect(second.body).toEqual(first.body)
  expect(filtered.body).toMatchObject({ challenges: [], next_cursor: null })
})
