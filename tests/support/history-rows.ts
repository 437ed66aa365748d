import { type ChallengeRow, insertChallenges } from './challenge-rows.ts'
import { type Server, startServer } from './server.ts'

const noon = Date.UTC(2026, 0, 15, 12)

/** Writes challenges into the server's database behind its back. */
export function addChallenges(server: Pick<Server, 'database'>, rows: ChallengeRow[]) {
  using database = server.database()
  insertChallenges(database, rows)
}

/** Deletes challenges behind the server's back. */
export function deleteChallenges(server: Pick<Server, 'database'>, ids: number[]) {
  using database = server.database()
  database.run(`DELETE FROM assignments WHERE id IN (${ids.join()})`)
}

/** A server with `count` challenges of `user_1`, one a second, with the ids 1, 2, 3 …, and three of `user_2`. */
export async function startWithRows(count: number) {
  const server = await startServer()
  const difficulties = ['easy', 'medium', 'hard']
  addChallenges(server, [
    ...Array.from({ length: count }, (_, n) => ({
      id: n + 1,
      date: noon + n * 1000,
      difficulty: difficulties[n % 3] ?? 'easy',
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
