import type { QuestionState } from '../../question.ts'
import {
  type FiguresRow,
  findSuspected,
  type LookOutcome,
  type Suspect,
  type Suspected,
} from '../suspects.ts'
import type { Statements } from './statements.ts'

// The caller opens the transaction.

/** Suspects a question that was just answered or reported, if the rule says so. */
export function checkSuspicion(run: Statements, row: FiguresRow): Suspected | undefined {
  const suspected = findSuspected(row)
  if (suspected) changeState(run, row, 'suspected')
  return suspected
}

/** Ends a second look, unless the operator decided meanwhile or another process has the question. */
export function settleSuspect(
  run: Statements,
  { id, lookUntil }: Pick<Suspect, 'id' | 'lookUntil'>,
  outcome: LookOutcome,
): boolean {
  const found = run.findState.get({ id })
  if (found?.state !== 'suspected' || found.lookUntil !== lookUntil) return false
  if (outcome === 'cleared') run.setCleared.run({ id })
  changeState(run, { id, state: 'suspected' }, outcome === 'cleared' ? 'circulating' : 'retired')
  return true
}

/** Records the operator's decision. `false` if there is no such question. */
export function decide(run: Statements, id: number, decision: 'keep' | 'retire'): boolean {
  const found = run.findState.get({ id })
  if (!found) return false
  run.setKept.run({ id, kept: decision === 'keep' })
  const { state } = found
  if (decision === 'retire') changeState(run, { id, state }, 'retired')
  else if (state !== 'ready') changeState(run, { id, state }, 'circulating')
  return true
}

/** The only place where a question that was assigned leaves circulation or returns to it. */
function changeState(
  run: Statements,
  { id, state }: { id: number; state: QuestionState },
  to: QuestionState,
) {
  if (state !== to) run.setState.run({ id, state: to })
}
