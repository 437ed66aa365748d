import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import type { BunSQLiteDatabase } from 'drizzle-orm/bun-sqlite'
import { libraries, walks } from './library-schema.ts'
import { shown, sought } from './question-statements.ts'
import { assignments, questions } from './schema.ts'

const value = sql.placeholder
// `set` accepts a placeholder only within `sql`.
const parameter = (name: string) => sql`${value(name)}`

/** Prepares the statements for the libraries, and for the walks of the learners through them. */
export function prepareLibraries(db: BunSQLiteDatabase) {
  return { ...prepareCirculation(db), ...prepareWalks(db) }
}

function prepareCirculation(db: BunSQLiteDatabase) {
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
      .prepare(),
    /** Adds a position with a question to a library. */
    growLibrary: db
      .insert(libraries)
      .values({ difficulty: value('difficulty'), topic: value('topic'), size: 1, circulating: 1 })
      .onConflictDoUpdate({
        target: [libraries.difficulty, libraries.topic],
        set: { size: sql`${libraries.size} + 1`, circulating: sql`${libraries.circulating} + 1` },
      })
      .returning({ libraryId: libraries.id, size: libraries.size })
      .prepare(),
    setPosition: db
      .update(questions)
      .set({ libraryId: parameter('libraryId'), position: parameter('position') })
      .where(ofQuestion)
      .prepare(),
    shrinkLibrary: db
      .update(libraries)
      .set({ circulating: sql`${libraries.circulating} - 1` })
      .where(eq(libraries.id, ofSameLibrary))
      .prepare(),
    clearPosition: db.update(questions).set({ libraryId: null, position: null }).where(ofQuestion).prepare(),
    countLibraries: db
      .select({
        difficulty: libraries.difficulty,
        topic: sql<string | null>`nullif(${libraries.topic}, '')`,
        count: libraries.circulating,
      })
      .from(libraries)
      .prepare(),
  }
}

function prepareWalks(db: BunSQLiteDatabase) {
  const ofUser = eq(walks.userId, value('userId'))
  const { first, size, start, stride, step } = walks
  const hadByUser = sql`exists (select 1 from ${assignments} where ${assignments.createdBy} = ${sought('userId')} and ${assignments.questionId} = ${questions.id})`
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
      .prepare(),
    /** The first question of a batch of positions that the user has not had. SQLite does not reorder a cross join. */
    findNew: db
      .select({ ...shown, position: questions.position })
      .from(questions)
      .where(
        sql`${questions.id} = (
          select ${questions.id} from json_each(${value('positions')}) as batch
          cross join ${questions} on ${questions.libraryId} = ${sought('libraryId')} and ${questions.position} = batch.value
          where not ${hadByUser} order by batch.key limit 1)`,
      )
      .prepare(),
    setWalk: db
      .insert(walks)
      .values({
        userId: value('userId'),
        libraryId: value('libraryId'),
        first: value('first'),
        size: value('size'),
        start: value('start'),
        stride: value('stride'),
        step: value('step'),
      })
      .onConflictDoUpdate({
        target: [walks.userId, walks.libraryId],
        set: {
          first: sql`excluded.first`,
          size: sql`excluded.size`,
          start: sql`excluded.start`,
          stride: sql`excluded.stride`,
          step: sql`excluded.step`,
        },
      })
      .prepare(),
    eraseWalks: db.delete(walks).where(ofUser).prepare(),
  }
}
