import type { Difficulty } from '../question.ts'

/** A number of questions of a difficulty and topic. */
export type Level = { difficulty: Difficulty; topic: string | null; count: number }

/** The numbers of questions that wait and that circulate, whether or not their topics are offered. */
export interface Levels {
  /** Counts the questions in the pool. Leaves out a difficulty and topic without any. */
  countReady(): Promise<Level[]>

  /** Returns the numbers of circulating questions in the libraries. */
  countLibraries(): Promise<Level[]>
}
