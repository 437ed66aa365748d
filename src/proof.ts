/**
 * What came of running the code of a question. `proven`: the code prints the answer, and no distractor. `refuted`: the
 * code prints something else. `unproven`: the code cannot be run, or its output decides nothing.
 */
export type Proof = (typeof proofs)[number]

export const proofs = ['proven', 'refuted', 'unproven'] as const
