import { and, eq, isNull, sql } from 'drizzle-orm'
import type { BunSQLiteDatabase } from 'drizzle-orm/bun-sqlite'
import { sought } from './question-statements.ts'
import { assignments, challenges, questions } from './schema.ts'
import { figures, prepareSuspects } from './suspect-statements.ts'

const value = sql.placeholder
// `set` accepts a placeholder only within `sql`.
const parameter = (name: string) => sql`${value(name)}`

const isThis = and(eq(assignments.id, sought('challengeId')), eq(assignments.createdBy, sought('userId')))
const ofQuestion = eq(questions.id, sought('questionId'))

/** Prepares the statements for a learner's challenges, answers and reports, and for suspected questions. */
export function prepareRecords(db: BunSQLiteDatabase) {
  return { ...prepareAnswers(db), ...prepareReports(db), ...prepareSuspects(db) }
}

function prepareAnswers(db: BunSQLiteDatabase) {
  const plusOne = (count: typeof questions.answers0, id: number) =>
    sql`${count} + (${value('answerId')} = ${sql.raw(String(id))})`
  return {
    findChallenge: db
      .select()
      .from(challenges)
      .where(and(eq(challenges.id, sought('id')), eq(challenges.createdBy, sought('userId'))))
      .prepare(),
    /** Sets the answer unless there is one. */
    setAnswer: db
      .update(assignments)
      .set({
        answerId: parameter('answerId'),
        answeredAt: parameter('now'),
        answerCorrect: sql`${questions.correctAnswerId} = ${value('answerId')}`,
        answerDifficulty: sql`${questions.difficulty}`,
        answerTopic: sql`${questions.topic}`,
      })
      .from(questions)
      .where(and(isThis, eq(questions.id, assignments.questionId), isNull(assignments.answerId)))
      .returning({ questionId: sql<number>`question_id` })
      .prepare(),
    countAnswer: db
      .update(questions)
      .set({
        answers0: plusOne(questions.answers0, 0),
        answers1: plusOne(questions.answers1, 1),
        answers2: plusOne(questions.answers2, 2),
        answers3: plusOne(questions.answers3, 3),
      })
      .where(ofQuestion)
      .returning(figures)
      .prepare(),
  }
}

function prepareReports(db: BunSQLiteDatabase) {
  const setReport = (condition: typeof isThis) =>
    db
      .update(assignments)
      .set({
        reportReason: parameter('reason'),
        reportComment: parameter('comment'),
        reportedAt: parameter('now'),
      })
      .where(condition)
      .returning({ questionId: assignments.questionId })
      .prepare()
  return {
    setFirstReport: setReport(and(isThis, isNull(assignments.reportReason))),
    replaceReport: setReport(isThis),
    countReport: db
      .update(questions)
      .set({ reports: sql`${questions.reports} + 1` })
      .where(ofQuestion)
      .returning(figures)
      .prepare(),
  }
}
