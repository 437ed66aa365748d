import { Database } from 'bun:sqlite'
import type { Server } from './server.ts'

export type ChallengeRow = {
  id?: number
  difficulty?: string
  /** Epoch milliseconds. */
  date?: number
  /** The owner, `user_1` by default. `null` puts the question into the pool. */
  createdBy?: string | null
  title?: string
  /** JSON. */
  options?: string
  explanation?: string
  source?: string
  bankId?: string | null
  topic?: string | null
  /** JSON. */
  optionNotes?: string | null
}

/** Inserts a question and its assignment for each row. */
export function insertChallenges(database: Database, rows: ChallengeRow[]) {
  const insertQuestion = database.prepare<{ id: number }, (string | number | null)[]>(
    `INSERT INTO questions (difficulty, date_created, title, options, correct_answer_id, explanation, source, bank_id, state,
        topic, option_notes) VALUES (?, ?, ?, ?, 2, ?, ?, ?, ?, ?, ?) RETURNING id`,
  )
  const insertAssignment = database.prepare(
    'INSERT INTO assignments (id, question_id, created_by, date_created) VALUES (?, ?, ?, ?)',
  )
  database.transaction(() => {
    for (const { id = null, createdBy = 'user_1', date = 1, difficulty = 'easy', ...text } of rows) {
      const { title = `Question ${id}?`, options = '["one","two","three","four"]' } = text
      const {
        explanation = 'Because.',
        source = 'ai',
        bankId = null,
        topic = null,
        optionNotes = null,
      } = text
      const state = createdBy === null ? 'ready' : 'circulating'
      const question = insertQuestion.get(
        difficulty,
        date,
        title,
        options,
        explanation,
        source,
        bankId,
        state,
        topic,
        optionNotes,
      )
      if (createdBy !== null) insertAssignment.run(id, Number(question?.id), createdBy, date)
    }
  })()
}

/** Inserts challenges into the database of a running server. */
export function addChallenges(server: Pick<Server, 'database'>, rows: ChallengeRow[]) {
  using database = server.database()
  insertChallenges(database, rows)
}

/** Deletes challenges from the database of a running server. */
export function deleteChallenges(server: Pick<Server, 'database'>, ids: number[]) {
  using database = server.database()
  database.run(`DELETE FROM assignments WHERE id IN (${ids.join()})`)
}

/** The number of challenges that wait in the pool. */
export function countReady(server: Pick<Server, 'database'>, difficulty: string): number {
  using database = server.database()
  const count = `SELECT count(*) AS ready FROM questions WHERE state = 'ready' AND difficulty = ?`
  return database.query<{ ready: number }, [string]>(count).get(difficulty)?.ready ?? 0
}

/** All challenges and quotas, to show that a request has changed no row. */
export function readTables(server: Pick<Server, 'database'>) {
  using database = server.database()
  return {
    challenges: database.query('SELECT * FROM challenges ORDER BY id').all(),
    quotas: database.query('SELECT * FROM challenge_quotas ORDER BY id').all(),
  }
}

/** The integrity, the quotas and the challenges of a database file, read by a connection of its own. */
export function readDatabase(path: string) {
  using database = new Database(path)
  const rows = <T>(sql: string) => database.query<T, []>(sql).all()
  return {
    integrity: database.query('PRAGMA integrity_check').values().flat(),
    /** By user. */
    quotas: rows<{ user: string; remaining: number; limit: number }>(
      'SELECT user_id AS user, quota_remaining AS remaining, quota_limit AS "limit" FROM challenge_quotas ORDER BY user_id',
    ),
    /** The challenges that belong to a user, by id. */
    owned: rows<{ id: number; user: string; source: string; title: string; key: string | null }>(
      `SELECT id, created_by AS user, source, title, idempotency_key AS "key"
        FROM challenges JOIN assignments USING (id, created_by) ORDER BY id`,
    ),
    /** The number of challenges that wait in the pool. */
    ready: rows<{ id: number }>(`SELECT id FROM questions WHERE state = 'ready'`).length,
  }
}

/** Moves the last reset of these users' quotas 25 hours back, as if that much time had passed. */
export function moveResetsBack(path: string, users: string[]) {
  using database = new Database(path)
  const move = database.query(
    'UPDATE challenge_quotas SET last_reset_date = last_reset_date - 25 * 3600 * 1000 WHERE user_id = ?',
  )
  for (const user of users) move.run(user)
}
