import type { Server } from './server.ts'

/** Every row of a server's two tables, to show that a request has changed none. */
export function contentsOf(server: Pick<Server, 'database'>) {
  using database = server.database()
  return {
    challenges: database.query('SELECT * FROM challenges ORDER BY id').all(),
    quotas: database.query('SELECT * FROM challenge_quotas ORDER BY id').all(),
  }
}
