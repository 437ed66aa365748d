import { randomInt } from 'node:crypto'
import { isServed, type Topic } from '../topics.ts'

/**
 * A walk of a learner through the positions of a library: a random order of the positions from `first` on, `size` of
 * them. Step n visits position `first + (start + n × stride) mod size`. `stride` has no common divisor with `size`, so
 * that each position is visited once. `step` is the number of steps that were taken.
 */
export type Walk = { first: number; size: number; start: number; stride: number; step: number }

/**
 * The circulating questions by the model of one difficulty and topic (`''`: none), as one learner walks through them.
 * `size` is the number of positions so far, of which `circulating` hold a question.
 */
export type Library = { id: number; topic: string; size: number; circulating: number; walk: Walk | null }

/** The next positions of a walk through a library, which begin at the step of `walk`. */
export type Batch = { libraryId: number; walk: Walk; positions: number[] }

// The sizes of the batches of one claim. Most claims need one; the sum bounds the time of a claim that finds nothing.
const batchSizes = [16, 32, 64, 128, 256, 512, 1024, 1024, 1024]

/** The libraries from which a request may be served: that of its topic, or those of the offered topics and of none. */
export function selectLibraries<T extends { topic: string }>(
  libraries: readonly T[],
  topic: Topic | undefined,
  offered: readonly string[],
): T[] {
  return libraries.filter((library) => isServed(library.topic, topic, offered))
}

/** Sums the questions that circulate. */
export function countCirculating(libraries: readonly Pick<Library, 'circulating'>[]): number {
  return libraries.reduce((sum, { circulating }) => sum + circulating, 0)
}

/**
 * Yields batches of positions until every position was visited, or the batches of one claim are used up. Each batch is of
 * a random library, weighted by the number of positions that the learner has not visited, so that a draw is uniform. The
 * caller ends the loop once it has found a question, and stores the walk in any case.
 */
export function* walkLibraries(libraries: readonly Library[]): Generator<Batch> {
  const left = libraries.map((library) => ({ ...library }))
  for (const batchSize of batchSizes) {
    const library = chooseLibrary(left)
    if (!library) return
    const walk = continueWalk(library)
    const positions = listPositions(walk, batchSize)
    yield { libraryId: library.id, walk, positions }
    library.walk = { ...walk, step: walk.step + positions.length }
  }
}

/** The number of positions that the learner has not visited. */
function countLeft({ size, walk }: Library): number {
  return walk ? size - walk.first - walk.step : size
}

function chooseLibrary(libraries: Library[]): Library | undefined {
  const total = libraries.reduce((sum, library) => sum + countLeft(library), 0)
  if (total === 0) return undefined
  let drawn = randomInt(total)
  return libraries.find((library) => {
    drawn -= countLeft(library)
    return drawn < 0
  })
}

/** The walk that the learner is on, or a new one through the positions that were added since it began. */
function continueWalk({ size, walk }: Library): Walk {
  if (walk && walk.step < walk.size) return walk
  const first = walk ? walk.first + walk.size : 0
  return beginWalk(first, size - first)
}

/** Begins a walk through `size` positions, at least one. */
export function beginWalk(first: number, size: number): Walk {
  let stride: number
  do stride = randomInt(1, size + 1)
  while (findDivisor(stride, size) !== 1)
  return { first, size, start: randomInt(size), stride, step: 0 }
}

/** Lists at most `max` positions that a walk visits next. */
export function listPositions({ first, size, start, stride, step }: Walk, max: number): number[] {
  // The product may exceed 2^53.
  let offset = Number((BigInt(start) + BigInt(step) * BigInt(stride)) % BigInt(size))
  return Array.from({ length: Math.min(max, size - step) }, () => {
    const position = first + offset
    offset = (offset + stride) % size
    return position
  })
}

/** The greatest common divisor. */
function findDivisor(a: number, b: number): number {
  return b === 0 ? a : findDivisor(b, a % b)
}
