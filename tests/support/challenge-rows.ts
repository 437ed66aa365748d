import type { Database } from 'bun:sqlite'

export type ChallengeRow = {
  id?: number
  difficulty?: string
  /** Epoch milliseconds. */
  date?: number
  /** The learner; left out: `user_1`. `null`: nobody yet, the question waits in the pool. */
  createdBy?: string | null
  title?: string
  /** JSON. */
  options?: string
  explanation?: string
  source?: string
  bankId?: string | null
}

/** Writes challenges into a database behind the server's back: a question each, and its assignment. */
export function insertChallenges(database: Database, rows: ChallengeRow[]) {
  const insertQuestion = database.prepare<{ id: number }, (string | number | null)[]>(
    `INSERT INTO questions (difficulty, date_created, title, options, correct_answer_id, explanation, source, bank_id, state)
      VALUES (?, ?, ?, ?, 2, ?, ?, ?, ?) RETURNING id`,
  )
  const insertAssignment = database.prepare(
    'INSERT INTO assignments (id, question_id, created_by, date_created) VALUES (?, ?, ?, ?)',
  )
  database.transaction(() => {
    for (const { id = null, createdBy = 'user_1', date = 1, difficulty = 'easy', ...text } of rows) {
      const { title = `Question ${id}?`, options = '["one","two","three","four"]' } = text
      const { explanation = 'Because.', source = 'ai', bankId = null } = text
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
      )
      if (createdBy !== null) insertAssignment.run(id, Number(question?.id), createdBy, date)
    }
  })()
}
