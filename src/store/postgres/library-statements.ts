import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import type { BunSQLDatabase } from 'drizzle-orm/bun-sql'
import { libraries, walks } from './library-schema.ts'
import { questions } from './schema.ts'

const value = sql.placeholder
// `set` accepts a placeholder only within `sql`.
const parameter = (name: string) => sql`${value(name)}`

type Connection = Pick<BunSQLDatabase, 'select' | 'insert' | 'update' | 'delete'>

/** Prepares the statements for the libraries, and for the walks of the learners through them. */
export function prepareLibraries(db: Connection) {
  return { ...prepareCirculation(db), ...prepareWalks(db) }
}

function prepareCirculation(db: Connection) {
  const ofQuestion = eq(questions.id, value('id'))
  const ofSameLibrary = sql`(select ${questions.libraryId} from ${questions} where ${and(ofQuestion, isNotNull(questions.position))})`
  const isOriginal = sql`coalesce(${questions.importKey}, '') like 'original %'`
  return {
    /** Finds a question without a position, if it belongs into a library. */
    findEntering: db
      .select({ difficulty: questions.difficulty, topic: sql<string>`coalesce(${questions.topic}, '')` })
      .from(questions)
      .where(
        and(
          ofQuestion,
          eq(questions.source, 'ai'),
          isNotNull(questions.fingerprint),
          isNull(questions.position),
          sql`not ${isOriginal}`,
        ),
      )
      .prepare('find_entering'),
    /** Adds a position with a question to a library. */
    growLibrary: db
      .insert(libraries)
      .values({ difficulty: value('difficulty'), topic: value('topic'), size: 1, circulating: 1 })
      .onConflictDoUpdate({
        target: [libraries.difficulty, libraries.topic],
        set: { size: sql`${libraries.size} + 1`, circulating: sql`${libraries.circulating} + 1` },
      })
      .returning({ libraryId: libraries.id, size: libraries.size })
      .prepare('grow_library'),
    setPosition: db
      .update(questions)
      .set({ libraryId: parameter('libraryId'), position: parameter('position') })
      .where(ofQuestion)
      .prepare('set_position'),
    shrinkLibrary: db
      .update(libraries)
      .set({ circulating: sql`${libraries.circulating} - 1` })
      .where(eq(libraries.id, ofSameLibrary))
      .prepare('shrink_library'),
    clearPosition: db
      .update(questions)
      .set({ libraryId: null, position: null })
      .where(ofQuestion)
      .prepare('clear_position'),
    countLibraries: db
      .select({
        difficulty: libraries.difficulty,
        topic: sql<string | null>`nullif(${libraries.topic}, '')`,
        count: libraries.circulating,
      })
      .from(libraries)
      .prepare('count_libraries'),
  }
}

function prepareWalks(db: Connection) {
  const ofUser = eq(walks.userId, value('userId'))
  const { first, size, start, stride, step } = walks
  return {
    listLibraries: db
      .select({
        id: libraries.id,
        topic: libraries.topic,
        size: libraries.size,
        circulating: libraries.circulating,
        walk: { first, size, start, stride, step },
      })
      .from(libraries)
      .leftJoin(walks, and(eq(walks.libraryId, libraries.id), ofUser))
      .where(eq(libraries.difficulty, value('difficulty')))
      .prepare('list_libraries'),
    eraseWalks: db.delete(walks).where(ofUser).prepare('erase_walks'),
  }
}
