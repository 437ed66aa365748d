import type { Question, QuestionState, ReportReason } from '../question.ts'
import type { FiguresRow } from './suspects.ts'

/** A stored question. `fingerprint` is `null` for questions of another database. */
export type StoredQuestion = Omit<Question, 'fingerprint'> & {
  id: number
  state: QuestionState
  dateCreated: number
}

/** A learner's report of a question. */
export type Report = { reason: ReportReason; comment: string | null; reportedAt: number }

/**
 * A learner's first answer to a question. `elsewhere`: the share of right answers among the learner's latest answers to
 * other questions; `null` if there are fewer than `minElsewhere`.
 */
export type SampledAnswer = { correct: boolean; elsewhere: number | null }

export const minElsewhere = 3
/** The greatest number of a learner's other answers that count. */
export const maxElsewhere = 100

type Page = { after: number; limit: number }

/** What the operator reads of the questions. Pages are ordered by id and begin after the id `after`. */
export interface Catalogue {
  /** Returns a page of the figures of questions that are not in the pool. */
  listFigures(page: Page): Promise<FiguresRow[]>

  /** Returns a page of the library: circulating questions by the model, without imported and damaged ones. */
  listLibrary(page: Page): Promise<StoredQuestion[]>

  /** Finds a question that is not damaged. */
  findQuestion(id: number): Promise<StoredQuestion | undefined>

  /** Returns the latest reports of a question, the newest first. */
  listReports(questionId: number, limit: number): Promise<Report[]>

  /** Returns the answers of the learners who were given the question last. */
  sampleAnswers(questionId: number, limit: number): Promise<SampledAnswer[]>
}
