import { expect, test } from 'bun:test'
import { toHistorySql } from '../../src/store/sqlite/plain-sql.ts'
import { noon } from '../support/clock.ts'
import { addChallenges, deleteChallenges, insertChallenges } from '../support/database.ts'
import { type Server, startServer } from '../support/server.ts'

/** The ids of the challenges of `user_1` in the database, newest first. */
function idsInDatabase(server: Server) {
  using database = server.database()
  return database
    .query<{ id: number }, []>(
      `SELECT id FROM challenges WHERE created_by = 'user_1' ORDER BY date_created DESC, id DESC`,
    )
    .all()
    .map(({ id }) => id)
}

/** Reads all pages, and calls `between` after each page with the ids read so far. */
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
  ['each at its own time', (n) => noon + n * 1000],
  ['seven at each time', (n) => noon + Math.floor(n / 7)],
  ['all at one time', () => noon],
  ['the highest id oldest', (n) => noon - n],
]

/** 250 challenges of `user_1` that alternate with those of `user_2`. */
const rows = (date: (n: number) => number) =>
  Array.from({ length: 500 }, (_, n) => ({
    id: n + 1,
    date: date(n),
    createdBy: n % 2 === 0 ? 'user_1' : 'user_2',
  }))

test.each(moments)(
  'paging through 250 challenges (%s) neither repeats nor skips a challenge',
  async (_, date) => {
    await using server = await startServer()
    addChallenges(server, rows(date))
    const expected = idsInDatabase(server)

    for (const limit of [50, 37, 250]) expect(await readAll(server, limit)).toEqual(expected)
  },
)

/** With unequal moments and with equal ones. */
const twoMoments = moments.slice(0, 2)

test.each(twoMoments)(
  'challenges that are added between two pages (%s) do not change the later pages',
  async (_, date) => {
    await using server = await startServer()
    addChallenges(server, rows(date))
    const expected = idsInDatabase(server)

    const seen = await readAll(server, 20, async () => {
      addChallenges(server, [{ date: noon + 1_000_000 }])
      expect((await server.generate('user_1')).status).toBe(200)
    })

    expect(seen).toEqual(expected)
    expect(idsInDatabase(server).length).toBeGreaterThan(expected.length + 20)
  },
)

test.each(twoMoments)(
  'challenges that are deleted between two pages (%s) hide no other challenge',
  async (_, date) => {
    await using server = await startServer()
    addChallenges(server, rows(date))
    const expected = idsInDatabase(server)
    const gone: number[] = []

    const seen = await readAll(server, 20, (soFar) => {
      // The last two rows that were read, the next one, and a later one.
      const unseen = expected.slice(soFar.length + gone.length)
      const taken = [unseen[0], unseen[10]].filter((id) => id !== undefined)
      gone.push(...taken)
      deleteChallenges(server, [...soFar.slice(-2), ...taken])
    })

    expect(gone.length).toBeGreaterThan(20)
    expect(seen).toEqual(expected.filter((id) => !gone.includes(id)))
  },
)

test('an index holds a page of a history of 20 000 challenges, in its order, so that no assignment is read and nothing is sorted', async () => {
  await using server = await startServer()
  using database = server.database()
  insertChallenges(
    database,
    Array.from({ length: 20_000 }, (_, n) => ({
      id: n + 1,
      date: noon + Math.floor((n + 1) / 4),
      difficulty: ['easy', 'medium', 'hard'][n % 3] ?? 'easy',
    })),
  )
  database.run('ANALYZE')
  const after = { dateCreated: noon, id: 1 }
  const planOf = (page: Parameters<typeof toHistorySql>[0]) =>
    database.query<{ detail: string }, []>(`EXPLAIN QUERY PLAN ${toHistorySql(page)}`).all()
  const searches = (range: string) =>
    [
      `assignments USING COVERING INDEX assignments_history ${range}`,
      'questions USING INTEGER PRIMARY KEY (rowid=?)',
    ].map((table) => expect.objectContaining({ detail: `SEARCH ${table}` }))

  expect(planOf({})).toEqual(searches('(created_by=?)'))
  expect(planOf({ difficulty: 'hard' })).toEqual(searches('(created_by=?)'))
  // With a range on the date, a late page does not read all newer rows.
  expect(planOf({ after })).toEqual(searches('(created_by=? AND date_created<?)'))
  expect(planOf({ after, difficulty: 'hard' })).toEqual(searches('(created_by=? AND date_created<?)'))

  const deep = Buffer.from(`${noon + 3}.1000000`).toString('base64url')
  const ids = async (query: string) =>
    (await server.history('user_1', query)).body.challenges.map(({ id }) => id)
  expect(await ids('?limit=2')).toEqual([20_000, 19_999])
  expect((await ids(`?cursor=${deep}`)).length).toBe(15)
})
