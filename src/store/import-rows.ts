import type { ImportedAssignment, ImportedQuestion, ImportedRows } from './imported.ts'
import type { Quota } from './store.ts'

/**
 * Selects the questions and assignments that were not imported before. `knownKeys` holds the keys of the imported
 * assignments. A question counts as imported if all its assignments are, because version 1.0.0 stored keys for
 * assignments only.
 */
export function selectFresh({ questions, assignments }: ImportedRows, knownKeys: Map<string | null, number>) {
  const fresh = assignments.filter(({ key }) => !knownKeys.has(key))
  const assigned = new Set(assignments.map(({ questionKey }) => questionKey))
  const needed = new Set(fresh.map(({ questionKey }) => questionKey))
  return {
    questions: questions.filter(({ key }) => needed.has(key) || !assigned.has(key)),
    assignments: fresh,
  }
}

// Convert imported rows to table rows. Both engines have the same columns.

export function toQuestionRow({ key, answers, ...question }: ImportedQuestion) {
  const [answers0, answers1, answers2, answers3] = answers
  return { ...question, importKey: key, answers0, answers1, answers2, answers3 }
}

export function toAssignmentRow(
  { key, questionKey, ...assignment }: ImportedAssignment,
  questionIds: Map<string | null, number>,
  questions: Map<string, ImportedQuestion>,
) {
  const questionId = questionIds.get(questionKey)
  const question = questions.get(questionKey)
  if (questionId === undefined || !question)
    throw new Error(`The question of assignment ${assignment.id} is not imported.`)
  const { answerId } = assignment
  const copies = answerId !== null && {
    answerCorrect: answerId === question.correctAnswerId,
    answerDifficulty: question.difficulty,
    answerTopic: question.topic,
  }
  return { ...assignment, ...copies, importKey: key, questionId }
}

export function toQuotaRow({ id, userId, remaining, limit, lastReset }: Quota) {
  return { id, userId, quotaRemaining: remaining, quotaLimit: limit, lastResetDate: lastReset }
}

// An original server repeated canned questions: what was imported from one stays out of the libraries.
const isEntering = `source = 'ai' AND state = 'circulating' AND fingerprint IS NOT NULL AND questions.position IS NULL
  AND questions.import_key NOT LIKE 'original %'
  AND questions.id NOT IN (SELECT question_id FROM assignments WHERE import_key LIKE 'original %')`

/** Statements that give imported questions, which circulated in the other database, positions in the libraries. */
export const enterLibrariesSql = [
  `INSERT INTO libraries (difficulty, topic, size, circulating)
    SELECT difficulty, coalesce(topic, ''), count(*), count(*) FROM questions WHERE ${isEntering}
    GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (difficulty, topic)
    DO UPDATE SET size = libraries.size + excluded.size, circulating = libraries.circulating + excluded.circulating`,
  `WITH entering AS (
      SELECT questions.id, libraries.id AS library_id,
        libraries.size - row_number() OVER (PARTITION BY libraries.id ORDER BY questions.id DESC) AS position
      FROM questions JOIN libraries
        ON libraries.difficulty = questions.difficulty AND libraries.topic = coalesce(questions.topic, '')
      WHERE ${isEntering}
    )
    UPDATE questions SET library_id = entering.library_id, position = entering.position
    FROM entering WHERE questions.id = entering.id`,
]
