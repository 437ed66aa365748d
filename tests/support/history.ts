import { noon } from './clock.ts'
import { addChallenges } from './database.ts'
import { startServer } from './server.ts'

/** A server with `count` challenges of `user_1`, one a second, with the ids 1, 2, 3 …, and three challenges of `user_2`. */
export async function startWithHistory(count: number) {
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

export const idsOf = ({ challenges }: { challenges: { id: number }[] }) => challenges.map(({ id }) => id)

/** The whole numbers from `from` down to `to`. */
export const countdown = (from: number, to: number) =>
  Array.from({ length: from - to + 1 }, (_, n) => from - n)
