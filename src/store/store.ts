import type { Challenge, Difficulty, Draft } from '../challenge.ts'
import type { Credits } from '../quota/policy.ts'

/** The credits of a user, and the id of the row they stand in. */
export type Quota = Credits & { id: number; userId: string }

/** Where a claimed challenge comes from. */
type Supply =
  /** The pool alone. */
  | { from: 'pool' }
  /** The pool, after `draft` was put into it. */
  | { from: 'draft'; draft: Draft }
  /**
   * The bank. `pick` is given the bank ids this user has seen, the one seen longest ago first, and names the draft
   * to hand over, or none. A free challenge costs no credit.
   */
  | { from: 'bank'; pick: (seen: string[]) => Draft | undefined; free: boolean }

/** What a claim is made of. */
export type ClaimRequest = {
  userId: string
  difficulty: Difficulty
  /** Epoch milliseconds. */
  now: number
  idempotencyKey?: string | undefined
  /** Credits that other requests of this user, in flight in this process, are about to spend. */
  reserved?: number
  supply: Supply
}

/** How a claim ended; only the first has handed something over. */
export type ClaimOutcome =
  | { outcome: 'claimed'; challenge: Challenge; replayed: boolean; charged: boolean }
  /** There are credits, but the supply has nothing (or the draft repeats a question that is already stored). */
  | { outcome: 'empty'; quota: Quota }
  /** No credits left. */
  | { outcome: 'exhausted'; quota: Quota }
  /** Every credit that is left is reserved. */
  | { outcome: 'in_flight'; quota: Quota }
  /** The idempotency key names a challenge of another difficulty. */
  | { outcome: 'mismatch' }

/** The place in a history after which a page begins. */
export type HistoryPosition = { dateCreated: number; id: number }

/** Which challenges of whom: at most `limit` that come after `after`, or from the newest on. */
export type HistoryRequest = {
  userId: string
  difficulty?: Difficulty | undefined
  after?: HistoryPosition | undefined
  limit: number
}

/** A challenge as it is stored; without an owner it waits in the pool. */
export type StoredChallenge = Challenge & {
  createdBy: string | null
  fingerprint: string | null
  bankId: string | null
  idempotencyKey: string | null
  importKey: string
}

/** Rows of another database; an id that is taken here is replaced by a new one. */
export type Takeover = { challenges: StoredChallenge[]; quotas: Quota[] }

/**
 * All that is kept. Every change is one transaction: it happens whole, durably (on disk when the promise resolves),
 * or not at all. When the database cannot be reached, or stays locked past its time-out, a method throws the
 * `unavailable` problem and nothing has changed (unless the connection broke while PostgreSQL committed: nobody can tell).
 */
export interface Store {
  /** The user's quota at `now`: opened, or refilled, first if it is due. */
  quota(userId: string, now: number): Promise<Quota>

  /** Opens the user's quota unless there is one. Repeatable, in parallel too. */
  openQuota(userId: string, now: number): Promise<void>

  /** Erases the user's challenges, quota and idempotency keys. Repeatable. */
  eraseUser(userId: string): Promise<void>

  /**
   * Hands one challenge to one user, of the pool the one that has waited longest, and charges one credit for it; or does
   * neither. The same idempotency key gets the same challenge again, free. A draft stays in the pool whatever becomes of
   * the claim.
   */
  claim(request: ClaimRequest): Promise<ClaimOutcome>

  /** Puts a draft into the pool. `false`: its question is already stored, and nothing was added. */
  addReady(draft: Draft, now: number): Promise<boolean>

  /** How many challenges of a difficulty wait in the pool. */
  countReady(difficulty: Difficulty): Promise<number>

  /** Whether a question with this fingerprint is stored. */
  isAsked(fingerprint: string): Promise<boolean>

  /** Titles of the model's latest challenges of a difficulty, newest first. */
  recentTitles(difficulty: Difficulty, count: number): Promise<string[]>

  /**
   * The user's challenges, newest hand-over first. The cost of a page does not grow with the history. Opens the user's
   * quota unless there is one, by itself: the page may be a moment older.
   */
  history(request: HistoryRequest, now: number): Promise<Challenge[]>

  /**
   * Takes over rows of another database as they are, all or none; those that are here already are left alone, so it
   * may be repeated. Answers how many were new.
   */
  takeOver(rows: Takeover): Promise<{ challenges: number; quotas: number }>

  /** Resolves when the database answers. */
  ping(): Promise<void>

  /** Closes the database; no method may be called after it. */
  close(): Promise<void>
}
