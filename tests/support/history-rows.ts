import { type Server, startServer } from './server.ts'

const noon = Date.UTC(2026, 0, 15, 12)

export type HistoryRow = { id?: number; difficulty?: string; createdBy?: string | null; date: number }

/** Puts challenges into the database behind the server's back, with the columns that the original knows alone. */
export function insertChallenges(server: Pick<Server, 'database'>, rows: HistoryRow[]) {
  using database = server.database()
  const insert = database.prepare(
    `INSERT INTO challenges (id, difficulty, date_created, created_by, title, options, correct_answer_id, explanation)
      VALUES (?, ?, ?, ?, ?, '["one","two","three","four"]', 2, 'Because.')`,
  )
  database.transaction(() => {
    for (const { id, difficulty = 'easy', createdBy = 'user_1', date } of rows) {
      insert.run(id ?? null, difficulty, date, createdBy, `Question ${id}?`)
    }
  })()
}

/** Takes challenges away behind the server's back. */
export function deleteChallenges(server: Pick<Server, 'database'>, ids: number[]) {
  using database = server.database()
  database.run(`DELETE FROM challenges WHERE id IN (${ids.join()})`)
}

/** A server with `count` challenges of `user_1`, one a second, with the ids 1, 2, 3 …, and three of `user_2`. */
export async function startWithRows(count: number) {
  const server = await startServer()
  const difficulties = ['easy', 'medium', 'hard']
  insertChallenges(server, [
    ...Array.from({ length: count }, (_, n) => ({
      id: n + 1,
      date: noon + n * 1000,
      difficulty: difficulties[n % 3],
    })),
    ...[1, 2, 3].map((n) => ({ id: 10_000 + n, date: noon + n, createdBy: 'user_2' })),
  ])
  return server
}

/** The ids of a page, in its order. */
export const idsOf = ({ challenges }: { challenges: { id: number }[] }) => challenges.map(({ id }) => id)

/** The whole numbers from `from` down to `to`. */
export const countdown = (from: number, to: number) =>
  Array.from({ length: from - to + 1 }, (_, n) => from - n)
