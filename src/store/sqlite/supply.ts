import { chooseFromBank } from '../claim.ts'
import type { Soundness } from '../soundness.ts'
import type { ClaimRequest } from '../store.ts'
import { retireDamaged } from './library.ts'
import type { Statements } from './statements.ts'

// Questions for a claim. The caller opens the transaction.

/** Takes the question that has waited longest out of the pool; retires damaged ones before it. */
export function takeReady(run: Statements, sound: Soundness, { difficulty, topic }: ClaimRequest) {
  for (;;) {
    const question =
      topic === undefined ? run.findReady.get({ difficulty }) : run.findReadyOf.get({ difficulty, topic })
    if (!question) return undefined
    if (sound.isQuestion(question)) {
      run.circulate.run({ id: question.id })
      return { ...question, state: 'circulating' as const }
    }
    retireDamaged(run, question.id)
  }
}

/** Chooses a question of the bank, and stores the question if it is new. */
export function takeFromBank(run: Statements, sound: Soundness, { userId, now, supply }: ClaimRequest) {
  if (supply.from !== 'bank') return undefined
  const seen = run.listSeenOfBank.all({ userId }).map(({ bankId }) => bankId)
  const retired = run.listRetiredOfBank.all().map(({ bankId }) => bankId)
  const question = chooseFromBank(supply, seen, retired)
  if (!question) return undefined
  const stored = run.byFingerprint.get({ fingerprint: question.fingerprint })
  if (stored && sound.isQuestion(stored)) return stored
  if (stored) retireDamaged(run, stored.id)
  return run.addQuestion.get({ ...question, state: 'circulating', dateCreated: now })
}
