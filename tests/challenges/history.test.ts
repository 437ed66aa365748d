import { expect, test } from 'bun:test'
import { iso, noon } from '../support/clock.ts'
import { addChallenges } from '../support/database.ts'
import { countdown, idsOf, startWithHistory } from '../support/history.ts'
import { startModel } from '../support/model.ts'
import { startServer } from '../support/server.ts'

test('the history lists a challenge in the shape of the contract', async () => {
  await using server = await startServer()
  addChallenges(server, [{ id: 7, difficulty: 'hard', date: noon }])

  const { status, body } = await server.history('user_1')

  expect(status).toBe(200)
  expect<object>(body).toEqual({
    challenges: [
      {
        id: 7,
        difficulty: 'hard',
        topic: null,
        date_created: iso(noon),
        created_by: 'user_1',
        title: 'Question 7?',
        options: ['one', 'two', 'three', 'four'],
        correct_answer_id: 2,
        explanation: 'Because.',
        option_notes: null,
        source: 'ai',
        charged: true,
        retired: false,
        answer: null,
      },
    ],
    next_cursor: null,
  })
})

test('a question in the pool is in no history, and its date is that of the hand-over', async () => {
  await using model = startModel()
  let now = noon
  await using server = await startServer({ model, now: () => now })
  addChallenges(server, [{ title: 'Waiting?', date: noon - 1_000_000, createdBy: null }])

  const generated = await server.generate('user_1', 'hard')
  expect(idsOf((await server.history('user_1')).body)).toEqual([generated.body.id])
  now += 60_000
  const pooled = await server.generate('user_1', 'easy')

  expect(pooled.body).toMatchObject({ title: 'Waiting?', timestamp: iso(noon + 60_000) })
  const { challenges } = (await server.history('user_1')).body
  expect(challenges.map(({ id, date_created }) => [id, date_created])).toEqual([
    [pooled.body.id, pooled.body.timestamp],
    [generated.body.id, generated.body.timestamp],
  ])
})

test('the history is sorted by date, then by id, both descending', async () => {
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

test('a user sees only their own challenges', async () => {
  await using server = await startWithHistory(5)

  expect(idsOf((await server.history('user_1')).body)).toEqual([5, 4, 3, 2, 1])
  expect(idsOf((await server.history('user_2')).body)).toEqual([10_003, 10_002, 10_001])
  expect((await server.history('user_3')).body).toMatchObject({ challenges: [], next_cursor: null })
})

test('a page has 100 challenges by default, and its cursor leads to the next page', async () => {
  await using server = await startWithHistory(201)

  const first = (await server.history('user_1')).body
  const second = (await server.history('user_1', `?cursor=${first.next_cursor}`)).body
  const third = (await server.history('user_1', `?cursor=${second.next_cursor}`)).body

  expect([first, second, third].map(idsOf)).toEqual([countdown(201, 102), countdown(101, 2), [1]])
  expect(third.next_cursor).toBeNull()
})

test.each(['easy', 'medium', 'hard'])(
  'the filter by difficulty %s applies to every page',
  async (difficulty) => {
    await using server = await startWithHistory(30)
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
  },
)
