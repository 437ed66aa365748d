import { and, eq, isNotNull, sql } from 'drizzle-orm'
import type { BunSQLiteDatabase } from 'drizzle-orm/bun-sqlite'
import type { Difficulty } from '../../question.ts'
import { isEntering, mostEntering } from '../entering.ts'
import { libraries, walks } from './library-schema.ts'
import { literal, shown, sought } from './question-statements.ts'
import { assignments, questions } from './schema.ts'

const value = sql.placeholder

/** Prepares the statements for the libraries, and for the walks of the learners through them. */
export function prepareLibraries(db: BunSQLiteDatabase) {
  return { ...prepareCirculation(db), ...prepareWalks(db) }
}

function prepareCirculation(db: BunSQLiteDatabase) {
  const ofQuestion = eq(questions.id, sought('id'))
  const ofSameLibrary = sql`(select ${questions.libraryId} from ${questions} where ${and(ofQuestion, isNotNull(questions.position))})`
  return {
    enterLibraries: prepareEntering(db),
    shrinkLibrary: db
      .update(libraries)
      .set({ circulating: sql`${libraries.circulating} - 1` })
      .where(eq(libraries.id, ofSameLibrary))
      .prepare(),
    clearPosition: db.update(questions).set({ libraryId: null, position: null }).where(ofQuestion).prepare(),
    countLibraries: prepareCount(db),
  }
}

// Without `INDEXED BY`, SQLite reads every question by the index of fingerprints.
const enteringQuestions = `questions INDEXED BY questions_entering WHERE ${isEntering}`

/** Counts the circulating questions, those without a position included. */
function prepareCount(db: BunSQLiteDatabase) {
  const levels = `(SELECT difficulty, nullif(topic, '') AS topic, circulating AS count FROM libraries
    UNION ALL SELECT difficulty, topic, 1 FROM ${enteringQuestions})`
  return db
    .select({
      difficulty: sql<Difficulty>`difficulty`,
      topic: sql<string | null>`topic`,
      count: sql<number>`sum(count)`,
    })
    .from(sql.raw(levels))
    .groupBy(sql`1, 2`)
    .prepare()
}

const enteringSql = `SELECT id, difficulty, topic FROM ${enteringQuestions}
  ORDER BY difficulty, topic, id LIMIT ${mostEntering}`

/** Gives positions to entering questions. */
function prepareEntering(db: BunSQLiteDatabase) {
  const find = db.select({ id: sql`id` }).from(sql.raw(enteringQuestions)).limit(literal(1)).prepare()
  return () => {
    if (!find.get()) return
    db.run(
      sql.raw(`INSERT INTO libraries (difficulty, topic, size, circulating)
        SELECT difficulty, coalesce(topic, ''), count(*), count(*) FROM (${enteringSql})
        WHERE true GROUP BY 1, 2 ORDER BY 1, 2
        ON CONFLICT (difficulty, topic) DO UPDATE SET
          size = libraries.size + excluded.size, circulating = libraries.circulating + excluded.circulating`),
    )
    db.run(
      sql.raw(`WITH placed AS (
          SELECT entering.id, libraries.id AS library_id,
            libraries.size - row_number() OVER (PARTITION BY libraries.id ORDER BY entering.id DESC) AS position
          FROM (${enteringSql}) AS entering
          JOIN libraries
            ON libraries.difficulty = entering.difficulty AND libraries.topic = coalesce(entering.topic, '')
        )
        UPDATE questions SET library_id = placed.library_id, position = placed.position
        FROM placed WHERE questions.id = placed.id`),
    )
  }
}

function prepareWalks(db: BunSQLiteDatabase) {
  const ofUser = eq(walks.userId, sought('userId'))
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
      .where(eq(libraries.difficulty, sought('difficulty')))
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
