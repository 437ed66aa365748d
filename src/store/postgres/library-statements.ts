import { and, eq, isNotNull, sql } from 'drizzle-orm'
import type { BunSQLDatabase } from 'drizzle-orm/bun-sql'
import { isEntering } from '../entering.ts'
import { libraries, walks } from './library-schema.ts'
import { questions } from './schema.ts'

const value = sql.placeholder

type Connection = Pick<BunSQLDatabase, 'select' | 'insert' | 'update' | 'delete'>

/** Prepares the statements for the libraries, and for the walks of the learners through them. */
export function prepareLibraries(db: Connection) {
  return {
    ...prepareCirculation(db),
    eraseWalks: () =>
      db
        .delete(walks)
        .where(eq(walks.userId, value('userId')))
        .prepare('erase_walks'),
  }
}

function prepareCirculation(db: Connection) {
  const ofQuestion = eq(questions.id, value('id'))
  const ofSameLibrary = sql`(select ${questions.libraryId} from ${questions} where ${and(ofQuestion, isNotNull(questions.position))})`
  return {
    shrinkLibrary: () =>
      db
        .update(libraries)
        .set({ circulating: sql`${libraries.circulating} - 1` })
        .where(eq(libraries.id, ofSameLibrary))
        .prepare('shrink_library'),
    clearPosition: () =>
      db
        .update(questions)
        .set({ libraryId: null, position: null })
        .where(ofQuestion)
        .prepare('clear_position'),
    countLibraries: () => prepareCount(db),
  }
}

/** Counts the circulating questions, those without a position included. */
function prepareCount(db: Connection) {
  const { difficulty, circulating } = libraries
  const topic = sql<string | null>`nullif(${libraries.topic}, '')`
  const placed = db.select({ difficulty, topic, count: circulating }).from(libraries)
  const entering = db
    .select({ difficulty: questions.difficulty, topic: questions.topic, count: sql<number>`1`.as('count') })
    .from(questions)
    .where(sql.raw(isEntering))
  const all = entering.unionAll(placed).as('levels')
  return db
    .select({ difficulty: all.difficulty, topic: all.topic, count: sql`sum(${all.count})`.mapWith(Number) })
    .from(all)
    .groupBy(all.difficulty, all.topic)
    .prepare('count_libraries')
}
