import type { QuestionState, Source } from './question.ts'

/** Why a question is suspected. Events and metrics contain these values: keep them stable. */
export const suspicions = ['answers', 'reports'] as const

export type Suspicion = (typeof suspicions)[number]

/** The figures of a question, from which a suspicion follows. `answers` has the number of first answers by option. */
export type Figures = {
  state: QuestionState
  source: Source
  correctAnswerId: number
  answers: readonly number[]
  reports: number
  /** The operator decided that the question is right. */
  kept: boolean
  /** The numbers of answers and of reports when the last second look cleared the question; 0 without one. */
  clearedAnswers: number
  clearedReports: number
}

const minAnswers = 15
const minVotes = 8
const minReports = 3
/** A preferred distractor has at least this many times the votes of the key. */
const minRatio = 3

/**
 * Decides whether the key of a question may be wrong: learners prefer a distractor by far, or several learners reported
 * the question. After a second look cleared it, its answers must double first (one answer, if there was none), and
 * reports count anew: so its second looks are few, however many reports come. The keys of the bank are proven by tests:
 * the bank's questions are never suspected.
 */
export function findSuspicion(figures: Figures): Suspicion | undefined {
  const { state, source, correctAnswerId, answers, reports, kept, clearedAnswers, clearedReports } = figures
  if (state !== 'circulating' || source !== 'ai' || kept) return undefined
  const total = answers.reduce((sum, votes) => sum + votes, 0)
  // A question that had no answer when it was cleared had reports.
  const isCleared = clearedAnswers > 0 || clearedReports > 0
  if (isCleared && total < Math.max(1, 2 * clearedAnswers)) return undefined
  if (reports - clearedReports >= minReports) return 'reports'
  if (total < minAnswers) return undefined
  const keyVotes = answers[correctAnswerId] ?? 0
  const isPreferred = answers.some(
    (votes, option) => option !== correctAnswerId && votes >= Math.max(minVotes, minRatio * keyVotes),
  )
  return isPreferred ? 'answers' : undefined
}
