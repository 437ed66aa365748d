/** The difficulties, from the easiest on. */
export const difficulties = ['easy', 'medium', 'hard'] as const

export type Difficulty = (typeof difficulties)[number]

/** The author of a question: the model, or the embedded bank. */
export const sources = ['ai', 'bank'] as const

export type Source = (typeof sources)[number]

/** How the key of a question by the model was checked: by running its code, by a blind review, or not at all. */
export const checks = ['proven', 'reviewed', 'unchecked'] as const

export type Check = (typeof checks)[number]

/**
 * What running the code of a question shows. `proven`: the code prints the answer, and no distractor. `refuted`: the code
 * prints something else. `unproven`: the code cannot be run, or its output decides nothing.
 */
export type Proof = (typeof proofs)[number]

export const proofs = ['proven', 'refuted', 'unproven'] as const

/** Whether the learner has answered a challenge, and how. */
export const verdicts = ['none', 'right', 'wrong'] as const

export type Verdict = (typeof verdicts)[number]

/** Why learners report a challenge. */
export const reportReasons = ['wrong_key', 'unclear', 'broken', 'repeat', 'other'] as const

export type ReportReason = (typeof reportReasons)[number]

/**
 * `ready`: in the pool. `circulating`: assigned at least once. `suspected`: the key may be wrong. `retired`: never
 * assigned again.
 */
export type QuestionState = 'ready' | 'circulating' | 'suspected' | 'retired'

/** The places from which a challenge may come. */
export const supplies = ['library', 'pool', 'model', 'bank'] as const

export type SupplyName = (typeof supplies)[number]

/** A multiple-choice question as it is written, once. */
export type Question = {
  difficulty: Difficulty
  /** `null` where it is not known. */
  topic: string | null
  /** The question in Markdown, with its code in a fence. */
  title: string
  /** The language that the question is about, as a fence names it; `null` where it is not known. */
  language: string | null
  /** Four texts, in the order in which every learner sees them. */
  options: string[]
  correctAnswerId: number
  explanation: string
  /** For each option the reason why it is wrong; `null` for the key, and where none is known. */
  optionNotes: (string | null)[] | null
  source: Source
  /** Identifies the question: the store keeps one question for each fingerprint. */
  fingerprint: string
  /** The id of the bank's entry; `null` for a question by the model. */
  bankId: string | null
}

/** A stored question, as far as a new question must not repeat it. */
export type RecentQuestion = Pick<Question, 'topic' | 'title' | 'options' | 'correctAnswerId'> & {
  fingerprint: string | null
}

/**
 * A question in the hands of one learner. `dateCreated` is the moment of the hand-over, `answerId` the learner's first
 * answer. Times are epoch milliseconds.
 */
export type Challenge = Omit<Question, 'language' | 'fingerprint' | 'bankId'> & {
  id: number
  createdBy: string
  dateCreated: number
  /** Whether the challenge cost a credit. */
  charged: boolean
  state: QuestionState
  answerId: number | null
  answeredAt: number | null
}
