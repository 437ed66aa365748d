import type { ImportedAssignment, ImportedQuestion, ImportedRows, Quota } from './store.ts'

/**
 * The questions and assignments that were not imported before, given the keys of the assignments that were. A question
 * whose assignments are all known is known too: a database of version 1.0.0 has keys for its assignments only.
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

// An imported row in the columns of the tables, which are the same on both engines.

export function toQuestionRow({ key, answers, ...question }: ImportedQuestion) {
  const [answers0, answers1, answers2, answers3] = answers
  return { ...question, importKey: key, answers0, answers1, answers2, answers3 }
}

export function toAssignmentRow(
  { key, questionKey, ...assignment }: ImportedAssignment,
  questionIds: Map<string | null, number>,
) {
  const questionId = questionIds.get(questionKey)
  if (questionId === undefined)
    throw new Error(`The question of assignment ${assignment.id} is not imported.`)
  return { ...assignment, importKey: key, questionId }
}

export function toQuotaRow({ id, userId, remaining, limit, lastReset }: Quota) {
  return { id, userId, quotaRemaining: remaining, quotaLimit: limit, lastResetDate: lastReset }
}
