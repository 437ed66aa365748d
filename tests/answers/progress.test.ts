import { expect, test } from 'bun:test'
import { day, noon, startWithClock } from '../support/clock.ts'
import { addChallenges, type ChallengeRow } from '../support/database.ts'
import { seeded } from '../support/seeded.ts'
import { type Server, startServer } from '../support/server.ts'
import { useServer } from '../support/shared-server.ts'

const shared = useServer()

const none = { answered: 0, correct: 0 }
const empty = {
  ...none,
  by_difficulty: { easy: none, medium: none, hard: none },
  by_topic: {},
  streak: { current: 0, longest: 0 },
  days: [],
}

test('a new user has no progress, and the look opens the quota', async () => {
  await using one = await startWithClock()
  const { server, clock } = one
  const { status, body } = await server.progress('newcomer')
  expect([status, body]).toEqual([200, empty])
  clock.now += 1000
  expect((await server.quota('newcomer')).body.last_reset_date).toBe(new Date(noon).toISOString())
})

test('progress counts answers by difficulty, topic and day, and unanswered and foreign challenges nowhere', async () => {
  await using one = await startWithClock()
  const { server, clock } = one
  const rows: ChallengeRow[] = [
    { id: 1, difficulty: 'easy', topic: 'python' },
    { id: 2, difficulty: 'easy', topic: 'python' },
    { id: 3, difficulty: 'hard', topic: 'go' },
    { id: 4, difficulty: 'hard', topic: null },
    { id: 5, difficulty: 'medium', topic: 'sql' },
    { id: 6, difficulty: 'medium', topic: 'sql', createdBy: 'user_2' },
  ]
  addChallenges(server, rows)
  // The key is 2.
  await server.answer('user_1', 1, 2)
  await server.answer('user_1', 2, 0)
  await server.answer('user_2', 6, 0)
  clock.now = noon + day
  await server.answer('user_1', 3, 2)
  await server.answer('user_1', 4, 2)

  expect<object>((await server.progress('user_1')).body).toEqual({
    ...{ answered: 4, correct: 3 },
    by_difficulty: { easy: { answered: 2, correct: 1 }, medium: none, hard: { answered: 2, correct: 2 } },
    by_topic: { go: { answered: 1, correct: 1 }, python: { answered: 2, correct: 1 } },
    streak: { current: 2, longest: 2 },
    days: [
      { date: '2026-03-28', answered: 2, correct: 1 },
      { date: '2026-03-29', answered: 2, correct: 2 },
    ],
  })
})

test('answers to retired questions do not count', async () => {
  await using server = await startServer()
  addChallenges(server, [{ id: 1 }, { id: 2 }])
  for (const id of [1, 2]) await server.answer('user_1', id, 2)
  using database = server.database()
  database.run(`UPDATE questions SET state = 'retired' WHERE id = 1`)
  expect((await server.progress('user_1')).body).toMatchObject({ answered: 1, days: [{ answered: 1 }] })
  database.run(`UPDATE questions SET state = 'retired'`)
  expect<object>((await server.progress('user_1')).body).toEqual(empty)
})

test('days are those of the time zone of the caller', async () => {
  await using one = await startWithClock()
  const { server, clock } = one
  addChallenges(server, [{ id: 1 }, { id: 2 }])
  clock.now = Date.parse('2026-03-28T22:59:59.999Z')
  await server.answer('user_1', 1, 2)
  clock.now += 1
  await server.answer('user_1', 2, 2)
  const dates = async (query: string) =>
    (await server.progress('user_1', query)).body.days.map(({ date }) => date)
  expect(await dates('')).toEqual(['2026-03-28'])
  expect(await dates('?timezone=Europe/Berlin')).toEqual(['2026-03-28', '2026-03-29'])
  expect(await dates('?timezone=europe%2Fberlin')).toEqual(['2026-03-28', '2026-03-29'])
  expect(await dates('?timezone=Etc/GMT%2B5')).toEqual(['2026-03-28'])
})

test('a streak waits for today’s answer, and a clock that goes back breaks nothing', async () => {
  await using one = await startWithClock()
  const { server, clock } = one
  addChallenges(server, [{ id: 1 }])
  await server.answer('user_1', 1, 2)
  const currentAt = async (time: number) => {
    clock.now = time
    const { status, body } = await server.progress('user_1')
    return [status, body.streak.current, body.days.length]
  }
  expect(await currentAt(noon + day)).toEqual([200, 1, 1])
  expect(await currentAt(noon + 2 * day)).toEqual([200, 0, 1])
  expect(await currentAt(noon - 3 * day)).toEqual([200, 1, 1])
})

test.each(['Mars', '', '+02:00', 'UTC%00', 'x'.repeat(5000), 'Etc/GMT+5'])(
  'the time zone %s is 400 with an example',
  async (name) => {
    const { problem } = await shared().progress('user_1', `?timezone=${name}`)
    expect(problem).toMatchObject({
      status: 400,
      detail: 'timezone must be an IANA time zone such as Europe/Berlin.',
    })
  },
)

/** Inserts `count` answers of `user_1`, one an hour until noon, and returns the number of right ones. */
function insertAnswers(server: Server, count: number): number {
  const random = seeded(1)
  using database = server.database()
  addChallenges(
    server,
    Array.from({ length: count }, (_, n) => ({ id: n + 1, topic: n % 2 ? 'go' : 'sql' })),
  )
  const answer = database.prepare(
    `UPDATE assignments SET answer_id = ?, answered_at = ?, answer_correct = ?, answer_difficulty = 'easy',
      answer_topic = ? WHERE id = ?`,
  )
  let correct = 0
  database.transaction(() => {
    for (let n = 0; n < count; n++) {
      const answerId = random.whole(0, 3)
      if (answerId === 2) correct++
      answer.run(answerId, noon - n * 3600_000, Number(answerId === 2), n % 2 ? 'go' : 'sql', n + 1)
    }
  })()
  return correct
}

test('progress reads a list of answers that is longer than one page', async () => {
  await using one = await startWithClock()
  const { server } = one
  const correct = insertAnswers(server, 12_000)
  expect((await server.progress('user_1')).body).toMatchObject({
    ...{ answered: 12_000, correct, by_topic: { go: { answered: 6000 } } },
    ...{
      streak: { current: 366, longest: 366 },
      days: { length: 30, 0: { answered: 24 }, 29: { answered: 13 } },
    },
  })
})
