import type { Authored } from './authored.ts'

/**
 * `proven`: the code prints the answer, and no distractor. `refuted`: the code prints something else. `unproven`: the
 * code cannot be run here, so the review decides.
 */
type Proof = 'proven' | 'refuted' | 'unproven'

export type Prover = (authored: Authored, language: string, signal: AbortSignal) => Promise<Proof>
