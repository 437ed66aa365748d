import type { Database } from 'bun:sqlite'
import { isEntering } from '../src/store/entering.ts'
import { type QuestionRow, questionColumns } from './baseline-answers.ts'

/** A walk of a learner through a library, as the table `walks` stores it (`Walk` in src/store/library.ts). */
type Walk = { first: number; length: number; start: number; stride: number; step: number }
type LibraryRow = { id: number; size: number; circulating: number } & {
  [Member in keyof Walk]: Walk[Member] | null
}

/** Prepares the draw from the library: a question at random that the learner has not had. */
export function prepareDraw(file: Database, librarySize: number) {
  // The server gives positions to such questions first. The benchmark has none.
  const findEntering = file.query(
    `SELECT id FROM questions INDEXED BY questions_entering WHERE ${isEntering} LIMIT 1`,
  )
  const selectLibraries = file.query<LibraryRow, [string, string]>(
    `SELECT libraries.id, libraries.size, circulating, first, walks.size AS length, start, stride, step
      FROM libraries LEFT JOIN walks ON library_id = libraries.id AND user_id = ? WHERE difficulty = ?`,
  )
  const selectAt = file.query<QuestionRow, [number, number]>(
    `SELECT id, ${questionColumns} FROM questions WHERE library_id = ? AND position = ?`,
  )
  const findHad = file.query('SELECT 1 FROM assignments WHERE created_by = ? AND question_id = ?')
  const setWalk = file.query(
    'INSERT OR REPLACE INTO walks (user_id, library_id, first, size, start, stride, step) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )

  /** Walks on until a question is new to the learner. */
  function walkOn(userId: string, library: LibraryRow): QuestionRow | undefined {
    const walk = continueWalk(library)
    const { first, length, start, stride } = walk
    let question: QuestionRow | null = null
    while (!question && walk.step < length) {
      const found = selectAt.get(library.id, first + ((start + walk.step * stride) % length))
      walk.step += 1
      if (found && !findHad.get(userId, found.id)) question = found
    }
    setWalk.run(userId, library.id, first, length, start, stride, walk.step)
    return question ?? undefined
  }

  return function draw(userId: string, difficulty: string): QuestionRow | undefined {
    if (findEntering.get()) throw new Error('The benchmark measures no questions without a position.')
    const libraries = selectLibraries.all(userId, difficulty)
    if (libraries.reduce((sum, { circulating }) => sum + circulating, 0) < librarySize) return undefined
    let drawn = Math.floor(Math.random() * libraries.reduce((sum, library) => sum + countLeft(library), 0))
    const library = libraries.find((each) => {
      drawn -= countLeft(each)
      return drawn < 0
    })
    return library && walkOn(userId, library)
  }
}

const countLeft = ({ size, first, step }: LibraryRow) => size - (first ?? 0) - (step ?? 0)

/** The walk that the learner is on, or a new one through the positions that were added since it began. */
function continueWalk({ size, first, length, start, stride, step }: LibraryRow): Walk {
  if (first === null || length === null || start === null || stride === null || step === null)
    return beginWalk(0, size)
  return step < length
    ? { first, length, start, stride, step }
    : beginWalk(first + length, size - first - length)
}

function beginWalk(first: number, length: number): Walk {
  const random = (below: number) => Math.floor(Math.random() * below)
  let stride = 1 + random(length)
  while (findDivisor(stride, length) !== 1) stride = 1 + random(length)
  return { first, length, start: random(length), stride, step: 0 }
}

function findDivisor(a: number, b: number): number {
  return b === 0 ? a : findDivisor(b, a % b)
}
