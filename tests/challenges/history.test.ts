import { expect, test } from 'bun:test'
import { addChallenges, countdown, idsOf, startWithRows } from '../support/history-rows.ts'
import { startModel } from '../support/model.ts'
import { startServer } from '../support/server.ts'

const noon = Date.UTC(2026, 0, 15, 12)

test('a row that has the original’s columns alone is listed in the contract’s shape', async () => {
  await using server = await startServer()
  addChallenges(server, [{ id: 7, difficulty: 'hard', date: noon }])

  const { status, body } = await server.history('user_1')

  expect(status).toBe(200)
  expect<object>(body).toEqual({
    challenges: [
      {
        id: 7,
        difficulty: 'hard',
        date_created: '2026-01-15T12:00:00.000Z',
        created_by: 'user_1',
        title: 'Question 7?',
        options: ['one', 'two', 'three', 'four'],
        correct_answer_id: 2,
        explanation: 'Because.',
        source: 'ai',
      },
    ],
    next_cursor: null,
  })
})

test('a question in the pool is in no history, and is dated by its hand-over', async () => {
  await using model = startModel()
  let now = noon
  await using server = await startServer({ model, now: () => now })
  addChallenges(server, [{ title: 'Waiting?', date: noon - 1_000_000, createdBy: null }])

  const generated = await server.generate('user_1', 'hard')
  expect(idsOf((await server.history('user_1')).body)).toEqual([generated.body.id])
  now += 60_000
  const pooled = await server.generate('user_1', 'easy')

  expect(pooled.body).toMatchObject({ title: 'Waiting?', timestamp: '2026-01-15T12:01:00.000Z' })
  const { challenges } = (await server.history('user_1')).body
  expect(challenges.map(({ id, date_created }) => [id, date_created])).toEqual([
    [pooled.body.id, pooled.body.timestamp],
    [generated.body.id, generated.body.timestamp],
  ])
})

test('newest first, whatever the ids; of one moment the last id first', async () => {
  await using server = await startServer()
  addChallenges(server, [
    { id: 1, date: noon + 2 },
    { id: 2, date: noon + 3 },
    { id: 3, date: noon + 1 },
    { id: 5, date: noon + 2 },
    { id: 4, date: noon + 2 },
  ])

  expect(idsOf((await server.history('user_1')).body)).toEqual([2, 5, 4, 1, 3])
})

test('a user sees their own challenges alone', async () => {
  await using server = await startWithRows(5)

  expect(idsOf((await server.history('user_1')).body)).toEqual([5, 4, 3, 2, 1])
  expect(idsOf((await server.history('user_2')).body)).toEqual([10_003, 10_002, 10_001])
  expect((await server.history('user_3')).body).toMatchObject({ challenges: [], next_cursor: null })
})

test('a page has 100 challenges unless asked otherwise, and leads to the next', async () => {
  await using server = await startWithRows(201)

  const first = (await server.history('user_1')).body
  const second = (await server.history('user_1', `?cursor=${first.next_cursor}`)).body
  const third = (await server.history('user_1', `?cursor=${second.next_cursor}`)).body

  expect([first, second, third].map(idsOf)).toEqual([countdown(201, 102), countdown(101, 2), [1]])
  expect(third.next_cursor).toBeNull()
})

test.each(['easy', 'medium', 'hard'])('the %s ones alone, page after page', async (difficulty) => {
  await using server = await startWithRows(30)
  const seen: { difficulty: string; id: number }[] = []

  let cursor: string | null = ''
  for (let page = 0; page < 4 && cursor !== null; page++) {
    const query: string = `?limit=3&difficulty=${difficulty}${cursor && `&cursor=${cursor}`}`
    const { body } = await server.history('user_1', query)
    seen.push(...body.challenges)
    cursor = body.next_cursor
  }

  expect(cursor).toBeNull()
  expect(seen).toHaveLength(10)
  expect(seen.every((challenge) => challenge.difficulty === difficulty)).toBe(true)
  expect(idsOf({ challenges: seen })).toEqual(idsOf({ challenges: seen }).toSorted((a, b) => b - a))
})
