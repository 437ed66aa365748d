import type { Credits } from '../credits.ts'
import type { Challenge, Difficulty, Question } from '../question.ts'

/** The credits of a user, and the id of their row. */
export type Quota = Credits & { id: number; userId: string }

/** `ready` in the pool, `circulating` from the first hand-over on, `suspected` of a wrong key, `retired` for good. */
export type QuestionState = 'ready' | 'circulating' | 'suspected' | 'retired'

/** A learner's complaint about a challenge. */
export type ReportReason = 'wrong_key' | 'unclear' | 'broken' | 'repeat' | 'other'

/** Where a claim takes its question from. */
export type Supply =
  /** The pool alone. */
  | { from: 'pool' }
  /** The pool, after `question` was added to it. */
  | { from: 'model'; question: Question }
  /**
   * The bank: a random one of `questions` that this user has not had. When the user has had all, `repeats` allows the one
   * had longest ago. A free challenge costs no credit.
   */
  | { from: 'bank'; questions: readonly Question[]; repeats: boolean; free: boolean }

export type ClaimRequest = {
  userId: string
  difficulty: Difficulty
  /** Epoch milliseconds. */
  now: number
  idempotencyKey?: string | undefined
  supply: Supply
}

/** How a claim ended. Only `claimed` hands a challenge over. */
export type ClaimOutcome =
  /** `replayed`: the idempotency key had got this challenge before. */
  | { outcome: 'claimed'; challenge: Challenge; replayed: boolean; charged: boolean }
  /** The user has credits, but the pool is empty. */
  | { outcome: 'empty'; quota: Quota }
  /** The model's question is stored already, and the pool is empty. */
  | { outcome: 'repeat'; quota: Quota }
  /** The user has had every question that the bank offers. */
  | { outcome: 'all_seen'; quota: Quota }
  /** The user has no credits left. */
  | { outcome: 'exhausted'; quota: Quota }
  /** The idempotency key belongs to a challenge of another difficulty. */
  | { outcome: 'mismatch' }

/** The position in a history after which a page begins. */
export type HistoryPosition = { dateCreated: number; id: number }

/** A page of a user's history: at most `limit` challenges after `after`, or from the newest on. */
export type HistoryRequest = {
  userId: string
  difficulty?: Difficulty | undefined
  after?: HistoryPosition | undefined
  limit: number
}

/** A question of another database. `key` identifies its row there; the id is kept if it is free here. */
export type ImportedQuestion = Omit<Question, 'fingerprint'> & {
  id: number
  key: string
  fingerprint: string | null
  state: QuestionState
  dateCreated: number
  /** First answers by option. */
  answers: [number, number, number, number]
  reports: number
}

/** An assignment of another database. `questionKey` is the `key` of its question. */
export type ImportedAssignment = {
  id: number
  key: string
  questionKey: string
  createdBy: string
  dateCreated: number
  idempotencyKey: string | null
  charged: boolean
  answerId: number | null
  answeredAt: number | null
  reportReason: ReportReason | null
  reportComment: string | null
  reportedAt: number | null
}

/** Rows of another database. */
export type ImportedRows = {
  questions: ImportedQuestion[]
  assignments: ImportedAssignment[]
  quotas: Quota[]
}

/** The number of rows of each kind that an import added. */
export type ImportCounts = Record<keyof ImportedRows, number>

/**
 * The database. Every change is one transaction: it happens whole and durably (on disk when the promise resolves), or
 * not at all. When the database cannot be reached, or stays locked past its time-out, a method throws the `unavailable`
 * problem and nothing has changed. The one exception: if the connection breaks while PostgreSQL commits, the outcome is
 * unknown.
 */
export interface Store {
  /** The user's quota at `now`. Opens or refills it first if that is due. */
  refreshQuota(userId: string, now: number): Promise<Quota>

  /** Opens the user's quota unless it exists. Repeatable, also in parallel. */
  openQuota(userId: string, now: number): Promise<void>

  /** Erases the user's assignments (with answers, reports and idempotency keys) and quota. Repeatable. Questions stay. */
  eraseUser(userId: string): Promise<void>

  /**
   * Assigns one question to one user and charges one credit for it, or does neither; refills the quota first if that is
   * due. From the pool it takes the question that has waited longest. The same idempotency key gets the same challenge
   * again, free. A question by the model stays in the pool whatever becomes of the claim.
   */
  claim(request: ClaimRequest): Promise<ClaimOutcome>

  /** Adds a question to the pool. `false`: the question is stored already, and nothing was added. */
  addReady(question: Question, now: number): Promise<boolean>

  /** The number of questions of a difficulty in the pool. */
  countReady(difficulty: Difficulty): Promise<number>

  /** The model's questions of a difficulty among the latest 500 questions, newest first. */
  recentQuestions(difficulty: Difficulty): Promise<{ title: string; fingerprint: string | null }[]>

  /** The user's challenges, newest hand-over first. The cost of a page does not grow with the history. */
  history(request: HistoryRequest): Promise<Challenge[]>

  /**
   * Imports rows of another database, all or none. Rows that were imported before are skipped, so an import may be
   * repeated. A row whose id is taken here gets a new one; one whose fingerprint or idempotency key is taken loses it; a
   * user who has a quota here keeps it.
   */
  importRows(rows: ImportedRows): Promise<ImportCounts>

  /** Resolves when the database answers. */
  ping(): Promise<void>

  /** Closes the database. No method may be called after it. */
  close(): Promise<void>
}
