import type { Authored } from './authored.ts'

/** A question that exists already, as far as repeats are judged by it. */
export type KnownQuestion = {
  title: string
  options: string[]
  correctAnswerId: number
  fingerprint: string | null
}

/** Whether a new question asks nearly the same as a known one. */
export function isNearRepeat(_authored: Authored, _known: KnownQuestion): boolean {
  return false
}
