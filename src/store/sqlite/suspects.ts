import type { QuestionState } from '../../question.ts'
import type { Soundness } from '../soundness.ts'
import {
  type FiguresRow,
  findSuspected,
  type LookOutcome,
  type Suspect,
  type Suspected,
  type Suspects,
} from '../suspects.ts'
import { leaveCirculation, retireDamaged } from './library.ts'
import type { Statements } from './statements.ts'

type Transact = <T>(work: () => T) => Promise<T>

/** The suspected questions. `read` runs a read, `write` a transaction. */
export function createSuspects(run: Statements, read: Transact, write: Transact, sound: Soundness): Suspects {
  /** Takes the suspected question that has waited longest; retires damaged ones before it. */
  function takeDue(now: number, until: number): Suspect | undefined {
    const taken = run.takeDue.get({ now, until })
    if (!taken || sound.isAsked(taken)) return taken
    retireDamaged(run, taken.id)
    return takeDue(now, until)
  }

  return {
    async takeSuspect(now, until) {
      // Most looks find nothing: they take no write lock.
      const due = await read(() => run.findDue.get({ now }))
      return due && write(() => takeDue(now, until))
    },
    settleSuspect: (lease, outcome) => write(() => settleSuspect(run, lease, outcome)),
    postponeSuspect: (lease, until) => write(() => void run.setLookUntil.run({ ...lease, until })),
    decide: (id, decision) => write(() => decide(run, id, decision)),
    countSuspects: () =>
      read(() => ({
        suspected: run.countSuspected.get()?.count ?? 0,
        retired: run.countRetired.get()?.count ?? 0,
      })),
  }
}

// The caller opens the transaction.

/** Suspects a question that was just answered or reported, if the rule says so. */
export function checkSuspicion(run: Statements, row: FiguresRow): Suspected | undefined {
  const suspected = findSuspected(row)
  if (suspected) changeState(run, row, 'suspected')
  return suspected
}

/** Ends a second look, unless the operator decided meanwhile or another process has the question. */
function settleSuspect(
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
function decide(run: Statements, id: number, decision: 'keep' | 'retire'): boolean {
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
  if (state === to) return
  run.setState.run({ id, state: to })
  if (to !== 'circulating') leaveCirculation(run, id)
}
