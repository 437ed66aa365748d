/** Whether the learner has answered a challenge, and how. */
export const verdicts = ['none', 'right', 'wrong'] as const

export type Verdict = (typeof verdicts)[number]

/** Why learners report a challenge. */
export const reportReasons = ['wrong_key', 'unclear', 'broken', 'repeat', 'other'] as const

export type ReportReason = (typeof reportReasons)[number]
