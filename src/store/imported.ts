import type { Question, QuestionState, ReportReason } from '../question.ts'
import type { Quota } from '../quota.ts'

/** A question of another database. `key` identifies its row there; `id` is kept if it is free in this database. */
export type ImportedQuestion = Omit<Question, 'fingerprint'> & {
  id: number
  key: string
  fingerprint: string | null
  state: QuestionState
  dateCreated: number
  /** The number of first answers with each option. */
  answers: [number, number, number, number]
  reports: number
  kept?: boolean
  clearedAnswers?: number
  clearedReports?: number
}

/** An assignment of another database. `questionKey` is the `key` of its question. */
export type ImportedAssignment = {
  id: number
  key: string
  questionKey: string
  createdBy: string
  dateCreated: number
  idempotencyKey: string | null
  requestedTopic: string | null
  charged: boolean
  answerId: number | null
  answeredAt: number | null
  reportReason: ReportReason | null
  reportComment: string | null
  reportedAt: number | null
}

export type ImportedRows = {
  questions: ImportedQuestion[]
  assignments: ImportedAssignment[]
  quotas: Quota[]
}

/** The number of rows of each kind that an import added. */
export type ImportCounts = Record<keyof ImportedRows, number>
