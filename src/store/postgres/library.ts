import type { Challenge } from '../../question.ts'
import { countCirculating, type Library, selectLibraries, walkLibraries } from '../library.ts'
import type { ClaimRequest } from '../store.ts'
import type { Session } from './connections.ts'
import { enterLibraries, listLibraries, tryEnterLibraries } from './entering.ts'
import { assignFromBatch } from './plain-sql.ts'
import type { SmallLibraries } from './small-libraries.ts'
import type { Statements } from './statements.ts'

// The caller opens the transaction.

/**
 * Leaves the position of a question, whose row this transaction has locked, empty for ever. Call it when the question
 * leaves circulation. If it returns, a claim gives it another position.
 */
export async function leaveCirculation(run: Statements, id: number) {
  await run.shrinkLibrary.execute({ id })
  await run.clearPosition.execute({ id })
}

/** Takes a damaged question out of circulation for ever. */
export async function retireDamaged(run: Statements, id: number) {
  // This locks the row first: another claim that drew the question waits, and then finds no position to count twice.
  await run.retireDamaged.execute({ id })
  await leaveCirculation(run, id)
}

/** While a library is too small to serve, about so many questions wait for their positions, and get them at once. */
const enteringAtOnce = 100

type Connection = Session['sql']

/** The topics that the server offers, and what this process knows of the sizes of the libraries. */
type Libraries = { offered: readonly string[]; small: SmallLibraries }

/**
 * Draws a question that the user has not had, assigns it and charges for it, if at least `least` questions circulate that
 * the request may get.
 */
export async function assignFromLibrary(
  sql: Connection,
  request: ClaimRequest,
  least: number,
  { offered, small }: Libraries,
): Promise<Challenge | undefined> {
  const { userId, difficulty, topic } = request
  const select = <T extends { topic: string }>(libraries: T[]) => selectLibraries(libraries, topic, offered)
  const list = () => listLibraries(sql, userId, difficulty)
  const drawFrom = async (libraries: Library[]) =>
    countCirculating(libraries) >= least ? draw(sql, request, libraries) : undefined

  const listed = await list()
  const known = select(listed.libraries)
  const entering = countCirculating(select(listed.entering))
  const lacking = least - countCirculating(known) - entering
  if (lacking > 0) {
    small.remember(request, least, lacking)
    if (entering >= enteringAtOnce) await tryEnterLibraries(sql)
    return undefined
  }
  if (entering === 0) return drawFrom(known)
  const isComplete = await tryEnterLibraries(sql)
  const drawn = await drawFrom(select((await list()).libraries))
  if (drawn || isComplete) return drawn
  await enterLibraries(sql)
  return drawFrom(select((await list()).libraries))
}

async function draw(sql: Connection, request: ClaimRequest, libraries: Library[]) {
  for (const batch of walkLibraries(libraries)) {
    const challenge = await assignFromBatch(sql, request, batch)
    if (challenge) return challenge
  }
  return undefined
}
