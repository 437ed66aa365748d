import { expect, test } from 'bun:test'
import { toHistorySql } from '../../src/store/sqlite/plain.ts'
import { addChallenges, deleteChallenges } from '../support/history-rows.ts'
import { type Server, startServer } from '../support/server.ts'

const noon = Date.UTC(2026, 0, 15, 12)

/** What the database says is in a user's history, newest first. */
function idsInDatabase(server: Server) {
  using database = server.database()
  return database
    .query<{ id: number }, []>(
      `SELECT id FROM challenges WHERE created_by = 'user_1' ORDER BY date_created DESC, id DESC`,
    )
    .all()
    .map(({ id }) => id)
}

/** Turns page after page; `between` is called after each with the ids seen so far. */
async function readAll(
  server: Server,
  limit: number,
  between: (seen: number[]) => unknown = () => undefined,
) {
  const seen: number[] = []
  let cursor: string | null = null
  do {
    const { status, body } = await server.history(
      'user_1',
      `?limit=${limit}${cursor ? `&cursor=${cursor}` : ''}`,
    )
    expect(status).toBe(200)
    expect(body.challenges.length).toBeWithin(1, limit + 1)
    seen.push(...body.challenges.map(({ id }) => id))
    cursor = body.next_cursor
    if (cursor) await between(seen)
  } while (cursor && seen.length < 1000)
  return seen
}

const moments: [name: string, date: (n: number) => number][] = [
  ['each at a moment of its own', (n) => noon + n * 1000],
  ['seven at a moment', (n) => noon + Math.floor(n / 7)],
  ['all at one moment', () => noon],
  ['the last id oldest', (n) => noon - n],
]

/** 250 challenges, between those of another user. */
const rows = (date: (n: number) => number) =>
  Array.from({ length: 500 }, (_, n) => ({
    id: n + 1,
    date: date(n),
    createdBy: n % 2 === 0 ? 'user_1' : 'user_2',
  }))

test.each(moments)('250 challenges, %s, are paged through without a repetition or a gap', async (_, date) => {
  await using server = await startServer()
  addChallenges(server, rows(date))
  const expected = idsInDatabase(server)

  for (const limit of [50, 37, 250]) expect(await readAll(server, limit)).toEqual(expected)
})

test.each(moments)('new challenges between two pages, %s, change nothing further down', async (_, date) => {
  await using server = await startServer()
  addChallenges(server, rows(date))
  const expected = idsInDatabase(server)

  const seen = await readAll(server, 20, async () => {
    addChallenges(server, [{ date: noon + 1_000_000 }])
    expect((await server.generate('user_1')).status).toBe(200)
  })

  expect(seen).toEqual(expected)
  expect(idsInDatabase(server).length).toBeGreaterThan(expected.length + 20)
})

test.each(moments)('challenges that go between two pages, %s, take no other with them', async (_, date) => {
  await using server = await startServer()
  addChallenges(server, rows(date))
  const expected = idsInDatabase(server)
  const gone: number[] = []

  const seen = await readAll(server, 20, (soFar) => {
    // The row that the cursor stands on, one before it, the one after it, and one further down.
    const unseen = expected.slice(soFar.length + gone.length)
    const taken = [unseen[0], unseen[10]].filter((id) => id !== undefined)
    gone.push(...taken)
    deleteChallenges(server, [...soFar.slice(-2), ...taken])
  })

  expect(gone.length).toBeGreaterThan(20)
  expect(seen).toEqual(expected.filter((id) => !gone.includes(id)))
})

test('a page of 100 000 challenges is found by an index, in its order, with nothing to sort', async () => {
  await using server = await startServer()
  using database = server.database()
  database.run(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
      INSERT INTO questions (id, difficulty, title, options, correct_answer_id, explanation)
      SELECT i, CASE i % 3 WHEN 0 THEN 'easy' WHEN 1 THEN 'medium' ELSE 'hard' END, 'T', '["1","2","3","4"]', 0, 'E' FROM n`,
  )
  database.run(`INSERT INTO assignments (id, question_id, created_by, date_created)
    SELECT id, id, 'user_1', ${noon} + id / 4 FROM questions`)
  database.run('ANALYZE')
  const after = { dateCreated: noon, id: 1 }
  const planOf = (page: Parameters<typeof toHistorySql>[0]) =>
    database.query<{ detail: string }, []>(`EXPLAIN QUERY PLAN ${toHistorySql(page)}`).all()
  const searches = (range: string) =>
    [
      `assignments USING INDEX assignments_history ${range}`,
      'questions USING INTEGER PRIMARY KEY (rowid=?)',
    ].map((table) => expect.objectContaining({ detail: `SEARCH ${table}` }))

  expect(planOf({})).toEqual(searches('(created_by=?)'))
  expect(planOf({ difficulty: 'hard' })).toEqual(searches('(created_by=?)'))
  // A range on the date, so that a page deep down is not reached by walking over all that is newer.
  expect(planOf({ after })).toEqual(searches('(created_by=? AND date_created<?)'))
  expect(planOf({ after, difficulty: 'hard' })).toEqual(searches('(created_by=? AND date_created<?)'))

  const deep = Buffer.from(`${noon + 3}.1000000`).toString('base64url')
  const ids = async (query: string) =>
    (await server.history('user_1', query)).body.challenges.map(({ id }) => id)
  expect(await ids('?limit=2')).toEqual([100_000, 99_999])
  expect((await ids(`?cursor=${deep}`)).length).toBe(15)
})
