import type { ReservedSQL } from 'bun'
import type { Challenge } from '../../question.ts'
import type { ClaimRequest } from '../store.ts'
import { countCirculating, selectLibraries, walkLibraries } from '../walk.ts'
import { assignFromBatch } from './plain.ts'
import type { Statements } from './statements.ts'

// The caller opens the transaction. A position is given under the lock of its library's row, which is held until the
// commit: otherwise a walk could pass a position whose question is not visible yet.

/**
 * Gives a question by the model a position in its library. Call it when the question returns to circulation; the
 * statement `assignReady` does the same when the question enters circulation.
 */
export async function enterCirculation(run: Statements, id: number) {
  const [entering] = await run.findEntering.execute({ id })
  if (!entering) return
  const [grown] = await run.growLibrary.execute(entering)
  if (grown) await run.setPosition.execute({ id, libraryId: grown.libraryId, position: grown.size - 1 })
}

/** Leaves the position of a question empty for ever. Call it when the question leaves circulation. */
export async function leaveCirculation(run: Statements, id: number) {
  await run.shrinkLibrary.execute({ id })
  await run.clearPosition.execute({ id })
}

/**
 * Draws a question that the user has not had, assigns it and charges for it, if at least `least` questions circulate that
 * the request may get. `offered` are the topics that the server offers.
 */
export async function assignFromLibrary(
  run: Statements,
  sql: Pick<ReservedSQL, 'unsafe'>,
  request: ClaimRequest,
  least: number,
  offered: readonly string[],
): Promise<Challenge | undefined> {
  const { userId, difficulty, topic } = request
  const all = await run.listLibraries.execute({ userId, difficulty })
  const libraries = selectLibraries(all, topic, offered)
  if (countCirculating(libraries) < least) return undefined
  for (const batch of walkLibraries(libraries)) {
    const challenge = await assignFromBatch(sql, request, batch)
    if (challenge) return challenge
  }
  return undefined
}
