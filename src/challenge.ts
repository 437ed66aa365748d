/** How hard a challenge is, from the easiest on. */
export const difficulties = ['easy', 'medium', 'hard'] as const

/** One of them. */
export type Difficulty = (typeof difficulties)[number]

/** Who wrote a challenge: the model, or the embedded bank. */
export type Source = 'ai' | 'bank'

/** A challenge that nobody owns yet. */
export type Draft = {
  difficulty: Difficulty
  /** The question in Markdown, with its code in a fence. */
  title: string
  options: string[]
  correctAnswerId: number
  explanation: string
  source: Source
  /** Names the question: no two challenges with the same fingerprint are stored. `null` for the bank's. */
  fingerprint: string | null
  bankId: string | null
}

/** A challenge in the hands of a user; `dateCreated` is the moment of hand-over, in epoch milliseconds. */
export type Challenge = Omit<Draft, 'fingerprint' | 'bankId'> & { id: number; dateCreated: number }
