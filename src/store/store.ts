import type { Challenge, Difficulty, Question, RecentQuestion, SupplyName } from '../question.ts'
import type { Quota } from '../quota.ts'
import type { Topic } from '../topics.ts'
import type { Catalogue } from './catalogue.ts'
import type { ImportCounts, ImportedRows } from './imported.ts'
import type { Levels } from './levels.ts'
import type { Records } from './records.ts'
import type { Suspects } from './suspects.ts'

/** The place from which a claim takes its question. */
export type Supply =
  /** A library, whatever its size. */
  | { from: 'library' }
  /** The library if it has `librarySize` questions that the request may get, and else the pool. 0: the pool alone. */
  | { from: 'pool'; librarySize?: number | undefined }
  /** The pool, after `question` was added to the pool. */
  | { from: 'model'; question: Question }
  /**
   * The bank: a random question of `questions` that is new to the user. If the user has had all of them, `repeats`
   * allows the least recent one. `free` charges no credit.
   */
  | { from: 'bank'; questions: readonly Question[]; repeats: boolean; free: boolean }

export type ClaimRequest = {
  userId: string
  difficulty: Difficulty
  /** The topic that the user asked for, if any. */
  topic?: Topic | undefined
  /** Epoch milliseconds. */
  now: number
  idempotencyKey?: string | undefined
  supply: Supply
}

/** The result of a claim, and the user's quota after it. Only `claimed` gives the user a challenge. */
export type ClaimOutcome = { quota: Quota } & (
  | {
      outcome: 'claimed'
      challenge: Challenge
      /** Whether this claim charged a credit. */
      charged: boolean
      /**
       * The place from which the challenge came; `undefined` if an earlier claim with the same idempotency key got the
       * challenge.
       */
      supply: SupplyName | undefined
    }
  | {
      /**
       * `empty`: library and pool have no such question that is new to the user. `repeat`: nor have they, and the model's
       * question is stored already. `all_seen`: the user has had every question that the bank offers. `exhausted`: the
       * user has no credits left. `mismatch`: the idempotency key belongs to a request for another difficulty or topic.
       */
      outcome: 'empty' | 'repeat' | 'all_seen' | 'exhausted' | 'mismatch'
    }
)

/**
 * The database. Every change is one transaction, which is on disk when the promise resolves. If the database cannot be
 * reached, or stays locked past its time-out, a method throws the `unavailable` problem and changes nothing. Exception:
 * if the connection breaks while PostgreSQL commits, the outcome is unknown. A damaged row is left out and reported.
 */
export interface Store extends Records, Levels, Suspects, Catalogue {
  /** Returns the user's quota at `now`, after opening or refilling the quota if that is due. */
  refreshQuota(userId: string, now: number): Promise<Quota>

  /** Opens the user's quota unless it exists. Idempotent, also for parallel calls. */
  openQuota(userId: string, now: number): Promise<void>

  /** Returns the user's quota as it is stored, even if a refill is due. Opens none. */
  findQuota(userId: string): Promise<Quota | undefined>

  /**
   * Sets the credits that the user has left, after a refill if that is due, and returns the quota. The limit rises to
   * `remaining` if it is lower; the next reset stays the same. A user without a quota gets none.
   */
  setCredits(userId: string, remaining: number, now: number): Promise<Quota | undefined>

  /**
   * Erases the user's quota, walks and assignments (with answers, reports, idempotency keys), not questions. Idempotent.
   */
  eraseUser(userId: string): Promise<void>

  /**
   * Assigns a question to the user and charges one credit, or does neither; refills the quota first if that is due. The
   * question is of the requested topic, or else of the topics that the server offers or of no topic. A library gives a
   * random question that the user has not had; the pool gives its oldest one, which enters its library. A repeated
   * idempotency key gets the same challenge, free of charge. A question by the model is added to the pool whatever the
   * outcome.
   */
  claim(request: ClaimRequest): Promise<ClaimOutcome>

  /** Whether an idempotency key of the user has a challenge. */
  hasKey(userId: string, idempotencyKey: string): Promise<boolean>

  /** Adds a question to the pool. `false` if the question is stored already. */
  addReady(question: Question, now: number): Promise<boolean>

  /**
   * Returns the latest 1000 questions of a topic or of no topic, newest first. Titles are cut at 4000 characters. A question
   * is the same object at each call; one that was changed in place may be up to a minute old. Concurrent calls share a read.
   */
  recentQuestions(topic: string): Promise<readonly RecentQuestion[]>

  /**
   * Imports rows of another database, all or none. Skips rows that were imported before, so that an import may be
   * repeated. If an id is taken in this database, the row gets a new id; if a fingerprint or idempotency key is taken,
   * the row is stored without the value. An existing quota stays unchanged.
   */
  importRows(rows: ImportedRows): Promise<ImportCounts>

  /** Resolves if the database answers and its tables exist. */
  ping(): Promise<void>

  /** Closes the database. No method may be called after `close`. */
  close(): Promise<void>
}
