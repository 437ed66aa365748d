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

type Transact = <T>(work: (session: { run: Statements }) => Promise<T>) => Promise<T>

/** The suspected questions. `read` runs a read, `write` a transaction. */
export function createSuspects(read: Transact, write: Transact, sound: Soundness): Suspects {
  /** Takes the suspected question that has waited longest; retires damaged ones before it. */
  async function takeDue(run: Statements, now: number, until: number): Promise<Suspect | undefined> {
    const [taken] = await run.takeDue.execute({ now, until })
    if (!taken || sound.isAsked(taken)) return taken
    await retireDamaged(run, taken.id)
    return takeDue(run, now, until)
  }

  return {
    async takeSuspect(now, until) {
      // Most looks find nothing: they need no transaction.
      const [due] = await read(({ run }) => run.findDue.execute({ now }))
      return due && write(({ run }) => takeDue(run, now, until))
    },
    settleSuspect: (lease, outcome) => write(({ run }) => settleSuspect(run, lease, outcome)),
    postponeSuspect: (lease, until) =>
      write(async ({ run }) => void (await run.setLookUntil.execute({ ...lease, until }))),
    decide: (id, decision) => write(({ run }) => decide(run, id, decision)),
    countSuspects: () =>
      read(async ({ run }) => {
        const [[suspected], [retired]] = await Promise.all([
          run.countSuspected.execute(),
          run.countRetired.execute(),
        ])
        return { suspected: suspected?.count ?? 0, retired: retired?.count ?? 0 }
      }),
  }
}

// The caller opens the transaction. The row of the question is locked until its end.

/** Suspects a question that was just answered or reported, if the rule says so. */
export async function checkSuspicion(run: Statements, row: FiguresRow): Promise<Suspected | undefined> {
  const suspected = findSuspected(row)
  if (suspected) await changeState(run, row, 'suspected')
  return suspected
}

/** Ends a second look, unless the operator decided meanwhile or another process has the question. */
async function settleSuspect(
  run: Statements,
  { id, lookUntil }: Pick<Suspect, 'id' | 'lookUntil'>,
  outcome: LookOutcome,
): Promise<boolean> {
  const [found] = await run.findState.execute({ id })
  if (found?.state !== 'suspected' || found.lookUntil !== lookUntil) return false
  if (outcome === 'cleared') await run.setCleared.execute({ id })
  await changeState(run, { id, state: 'suspected' }, outcome === 'cleared' ? 'circulating' : 'retired')
  return true
}

/** Records the operator's decision. `false` if there is no such question. */
async function decide(run: Statements, id: number, decision: 'keep' | 'retire'): Promise<boolean> {
  const [found] = await run.findState.execute({ id })
  if (!found) return false
  await run.setKept.execute({ id, kept: decision === 'keep' })
  const { state } = found
  if (decision === 'retire') await changeState(run, { id, state }, 'retired')
  else if (state !== 'ready') await changeState(run, { id, state }, 'circulating')
  return true
}

/** The only place where a question that was assigned leaves circulation or returns to it. */
async function changeState(
  run: Statements,
  { id, state }: { id: number; state: QuestionState },
  to: QuestionState,
) {
  if (state === to) return
  await run.setState.execute({ id, state: to })
  if (to !== 'circulating') await leaveCirculation(run, id)
}
