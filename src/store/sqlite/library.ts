import { countCirculating, selectLibraries, walkLibraries } from '../library.ts'
import type { Soundness } from '../soundness.ts'
import type { ClaimRequest } from '../store.ts'
import type { Statements } from './statements.ts'

// The caller opens the transaction.

/**
 * Leaves the position of a question empty for ever. Call it when the question leaves circulation. If it returns, the next
 * claim gives it another position.
 */
export function leaveCirculation(run: Statements, id: number) {
  run.shrinkLibrary.run({ id })
  run.clearPosition.run({ id })
}

/** Takes a damaged question out of circulation for ever. */
export function retireDamaged(run: Statements, id: number) {
  run.retireDamaged.run({ id })
  leaveCirculation(run, id)
}

/**
 * Draws a question that the user has not had, if at least `least` questions circulate that the request may get. `offered`
 * are the topics that the server offers.
 */
export function drawFromLibrary(
  run: Statements,
  sound: Soundness,
  request: ClaimRequest,
  least: number,
  offered: readonly string[],
) {
  const { userId, difficulty, topic } = request
  run.enterLibraries()
  const all = run.listLibraries.all({ userId, difficulty })
  const libraries = selectLibraries(all, topic, offered)
  if (countCirculating(libraries) < least) return undefined
  for (const { libraryId, walk, positions } of walkLibraries(libraries)) {
    const drawn = run.findNew.get({ userId, libraryId, positions: JSON.stringify(positions) })
    const steps = drawn ? positions.indexOf(drawn.position ?? -1) + 1 : positions.length
    run.setWalk.run({ ...walk, userId, libraryId, step: walk.step + steps })
    if (!drawn) continue
    const { position, ...question } = drawn
    if (sound.isQuestion(question)) return question
    retireDamaged(run, question.id)
    return drawFromLibrary(run, sound, request, least, offered)
  }
  return undefined
}
