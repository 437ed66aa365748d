import type { Question } from '../question.ts'
import { type Figures, findSuspicion, type Suspicion } from '../suspicion.ts'

/** A question that became suspected by a learner's answer or report. */
export type Suspected = Pick<Question, 'difficulty' | 'topic'> & { suspicion: Suspicion }

/** A suspected question that one process has to itself until `lookUntil`, in epoch milliseconds. */
export type Suspect = Pick<
  Question,
  'difficulty' | 'topic' | 'title' | 'language' | 'options' | 'correctAnswerId'
> & { id: number; lookUntil: number }

type Lease = Pick<Suspect, 'id' | 'lookUntil'>

/** The result of a second look. */
export type LookOutcome = 'cleared' | 'retired'

/** The questions whose keys may be wrong. */
export interface Suspects {
  /**
   * Gives this process the suspected question that has waited longest, to itself until `until`: no call of any process
   * returns the question before. A process that dies gives the question up at that time.
   */
  takeSuspect(now: number, until: number): Promise<Suspect | undefined>

  /** Ends a second look. `false`: the operator decided meanwhile, or another process has the question. */
  settleSuspect(lease: Lease, outcome: LookOutcome): Promise<boolean>

  /** Ends a second look without a result. No process looks at the question again before `until`. */
  postponeSuspect(lease: Lease, until: number): Promise<void>

  /**
   * Records the operator's decision. `keep`: the question circulates, or waits in the pool, and is never suspected
   * again. `retire`: it is never assigned again. Returns `false` if there is no such question.
   */
  decide(id: number, decision: 'keep' | 'retire'): Promise<boolean>

  /** Counts the questions that wait for a decision, and the retired ones. */
  countSuspects(): Promise<{ suspected: number; retired: number }>
}

/** The figures of a question as the statements return them. */
export type FiguresRow = Omit<Figures, 'answers'> &
  Pick<Question, 'difficulty' | 'topic'> &
  Record<'answers0' | 'answers1' | 'answers2' | 'answers3', number> & { id: number }

/** Applies the rule to a question that was just answered or reported. */
export function findSuspected(row: FiguresRow): Suspected | undefined {
  const { difficulty, topic, answers0, answers1, answers2, answers3 } = row
  const suspicion = findSuspicion({ ...row, answers: [answers0, answers1, answers2, answers3] })
  return suspicion && { difficulty, topic, suspicion }
}
