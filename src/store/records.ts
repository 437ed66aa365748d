import type { Challenge, Difficulty, ReportReason, Verdict } from '../question.ts'
import type { Suspected } from './suspects.ts'

/** The last challenge of a page; the next page begins after it. */
export type HistoryPosition = { dateCreated: number; id: number }

/** Asks for at most `limit` challenges that follow `after`, or for the newest ones. */
export type HistoryRequest = {
  userId: string
  difficulty?: Difficulty | undefined
  topic?: string | undefined
  answer?: Verdict | undefined
  after?: HistoryPosition | undefined
  limit: number
}

/** The SQL condition of each verdict on a row of the view `challenges`. */
export const verdictConditions: Record<Verdict, string> = {
  none: 'AND answer_id IS NULL',
  right: 'AND answer_id = correct_answer_id',
  wrong: 'AND answer_id <> correct_answer_id',
}

export type AnswerRequest = { userId: string; challengeId: number; answerId: number; now: number }

export type ReportRequest = {
  userId: string
  challengeId: number
  reason: ReportReason
  comment: string | null
  now: number
}

/**
 * `questionId` is set if the answer that counts is this one. `suspected`: the answer made the question a suspected one.
 */
export type Answered = { challenge: Challenge; questionId?: number; suspected?: Suspected | undefined }

/**
 * `first`: the learner had not reported the challenge before. `suspected`: the report made the question a suspected one.
 */
export type Reported = { questionId: number; first: boolean; suspected?: Suspected | undefined }

/** An answer in the list of a learner's answers, with the difficulty and topic of its question. */
export type ListedAnswer = {
  /** The id of the challenge. */
  id: number
  answeredAt: number
  difficulty: Difficulty
  topic: string | null
  correct: boolean
}

/** The position before every answer. */
export const beforeFirst = { answeredAt: Number.MIN_SAFE_INTEGER, id: 0 }

/** Asks for at most `limit` answers that follow `after`, or for the oldest ones. */
export type AnswerListRequest = {
  userId: string
  after?: Pick<ListedAnswer, 'answeredAt' | 'id'> | undefined
  limit: number
}

/** What the database keeps of a learner's challenges. A challenge of another user, and a damaged one, count as missing. */
export interface Records {
  /**
   * Returns a page of the user's challenges, newest first. Without a filter, its cost does not depend on the length of
   * the history; with a filter, the page may pass over every other challenge of the user.
   */
  history(request: HistoryRequest): Promise<Challenge[]>

  /** Returns a challenge of the user. */
  findChallenge(userId: string, id: number): Promise<Challenge | undefined>

  /**
   * Records the user's first answer to a challenge and counts it on the question, which may become suspected; leaves an
   * earlier answer unchanged. Returns the challenge with the answer that counts.
   */
  answer(request: AnswerRequest): Promise<Answered | undefined>

  /**
   * Records the user's report of a challenge in place of an earlier one. The first one of the user is counted on the
   * question, which may become suspected.
   */
  report(request: ReportRequest): Promise<Reported | undefined>

  /** Returns a page of the user's answers, oldest first, without those to retired questions. */
  listAnswers(request: AnswerListRequest): Promise<ListedAnswer[]>
}
