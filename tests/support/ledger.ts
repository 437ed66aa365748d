import { Database } from 'bun:sqlite'

/** What a database file says, read by a connection of its own. */
export function readLedger(path: string) {
  using database = new Database(path)
  const rows = <T>(sql: string) => database.query<T, []>(sql).all()
  return {
    integrity: database.query('PRAGMA integrity_check').values().flat(),
    /** Every quota, by user. */
    quotas: rows<{ user: string; remaining: number; limit: number }>(
      'SELECT user_id AS user, quota_remaining AS remaining, quota_limit AS "limit" FROM challenge_quotas ORDER BY user_id',
    ),
    /** Every challenge that was handed over, in the order of their ids. */
    owned: rows<{ id: number; user: string; source: string; title: string; key: string | null }>(
      `SELECT id, created_by AS user, source, title, idempotency_key AS "key"
        FROM challenges JOIN assignments USING (id, created_by) ORDER BY id`,
    ),
    /** How many challenges wait in the pool. */
    ready: rows<{ id: number }>(`SELECT id FROM questions WHERE state = 'ready'`).length,
  }
}

/** Moves every reset of the credits of these users a day and an hour back, as if that much time had passed. */
export function passDay(path: string, users: string[]) {
  using database = new Database(path)
  const milliseconds = 25 * 60 * 60 * 1000
  const move = database.query(
    'UPDATE challenge_quotas SET last_reset_date = last_reset_date - ? WHERE user_id = ?',
  )
  for (const user of users) move.run(milliseconds, user)
}
