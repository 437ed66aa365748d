import { and, asc, eq, lte, sql } from 'drizzle-orm'
import type { BunSQLiteDatabase } from 'drizzle-orm/bun-sqlite'
import { literal, sought } from './question-statements.ts'
import { questions } from './schema.ts'

const value = sql.placeholder
// `set` accepts a placeholder only within `sql`.
const parameter = (name: string) => sql`${value(name)}`

/** The columns from which a suspicion follows. */
export const figures = {
  id: questions.id,
  difficulty: questions.difficulty,
  topic: questions.topic,
  state: questions.state,
  source: questions.source,
  correctAnswerId: questions.correctAnswerId,
  answers0: questions.answers0,
  answers1: questions.answers1,
  answers2: questions.answers2,
  answers3: questions.answers3,
  reports: questions.reports,
  kept: questions.kept,
  clearedAnswers: questions.clearedAnswers,
  clearedReports: questions.clearedReports,
}

// Literals: SQLite uses a partial index only if the statement contains its condition.
const isSuspected = sql`${questions.state} = 'suspected'`
const isRetired = sql`${questions.state} = 'retired'`

/** Prepares the statements for suspected and retired questions. */
export function prepareSuspects(db: BunSQLiteDatabase) {
  const ofQuestion = eq(questions.id, sought('id'))
  return {
    ...prepareLooks(db),
    findState: db
      .select({ state: questions.state, lookUntil: questions.lookUntil })
      .from(questions)
      .where(ofQuestion)
      .prepare(),
    setState: db
      .update(questions)
      .set({ state: parameter('state'), lookUntil: 0 })
      .where(ofQuestion)
      .prepare(),
    setCleared: db
      .update(questions)
      .set({
        clearedAnswers: sql`${questions.answers0} + ${questions.answers1} + ${questions.answers2} + ${questions.answers3}`,
        clearedReports: sql`${questions.reports}`,
      })
      .where(ofQuestion)
      .prepare(),
    setKept: db
      .update(questions)
      .set({ kept: parameter('kept') })
      .where(ofQuestion)
      .prepare(),
    listRetiredOfBank: db
      .select({ bankId: sql<string>`${questions.bankId}` })
      .from(questions)
      .where(and(isRetired, sql`${questions.bankId} is not null`))
      .prepare(),
    countSuspected: db.select({ count: sql<number>`count(*)` }).from(questions).where(isSuspected).prepare(),
    countRetired: db.select({ count: sql<number>`count(*)` }).from(questions).where(isRetired).prepare(),
  }
}

function prepareLooks(db: BunSQLiteDatabase) {
  const firstDue = db
    .select({ id: questions.id })
    .from(questions)
    .where(and(isSuspected, lte(questions.lookUntil, sought('now'))))
    .orderBy(asc(questions.lookUntil), asc(questions.id))
    .limit(literal(1))
  return {
    findDue: firstDue.prepare(),
    takeDue: db
      .update(questions)
      .set({ lookUntil: parameter('until') })
      .where(eq(questions.id, sql`(${firstDue})`))
      .returning({
        id: questions.id,
        lookUntil: questions.lookUntil,
        difficulty: questions.difficulty,
        topic: questions.topic,
        title: questions.title,
        language: questions.language,
        options: questions.options,
        correctAnswerId: questions.correctAnswerId,
      })
      .prepare(),
    setLookUntil: db
      .update(questions)
      .set({ lookUntil: parameter('until') })
      .where(and(eq(questions.id, sought('id')), eq(questions.lookUntil, sought('lookUntil')), isSuspected))
      .prepare(),
  }
}
