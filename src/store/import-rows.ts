import type { Quota } from '../quota.ts'
import type { ImportedAssignment, ImportedQuestion, ImportedRows } from './imported.ts'

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
  const texts = {
    title: toStorable(question.title),
    options: question.options.map(toStorable),
    explanation: toStorable(question.explanation),
    optionNotes: question.optionNotes?.map((note) => note && toStorable(note)) ?? null,
  }
  return { ...question, ...texts, importKey: key, answers0, answers1, answers2, answers3 }
}

/** Replaces NUL and unpaired surrogates, which PostgreSQL refuses. */
export const toStorable = (text: string) => text.toWellFormed().replaceAll('\0', '\ufffd')

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
