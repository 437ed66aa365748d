import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import type { BunSQLDatabase } from 'drizzle-orm/bun-sql'
import type { Difficulty } from '../../question.ts'
import { assignments, challenges, questions } from './schema.ts'
import { figures, prepareSuspects } from './suspect-statements.ts'

const value = sql.placeholder
// `set` accepts a placeholder only within `sql`.
const parameter = (name: string) => sql`${value(name)}`

const isThis = and(eq(assignments.id, value('challengeId')), eq(assignments.createdBy, value('userId')))
const ofQuestion = eq(questions.id, value('questionId'))
/** Of several challenges of one question, the learner has reported one. */
const isFirstReport = sql`(select count(*) from ${assignments} where ${assignments.questionId} = ${value('questionId')}
  and ${assignments.createdBy} = ${value('userId')} and ${assignments.reportReason} is not null) = 1`

type Connection = Pick<BunSQLDatabase, 'select' | 'update'>

/** Prepares the statements for a learner's challenges, answers and reports, and for suspected questions. */
export function prepareRecords(db: Connection) {
  return { ...prepareAnswers(db), ...prepareReports(db), ...prepareSuspects(db) }
}

function prepareAnswers(db: Connection) {
  const isRetired = sql`(select ${questions.id} from ${questions} where ${questions.state} = 'retired')`
  const plusOne = (count: typeof questions.answers0, id: number) =>
    sql`${count} + (${value('answerId')} = ${sql.raw(String(id))})::int`
  return {
    findChallenge: () =>
      db
        .select()
        .from(challenges)
        .where(and(eq(challenges.id, value('id')), eq(challenges.createdBy, value('userId'))))
        .prepare('find_challenge'),
    /** Sets the answer unless there is one. */
    setAnswer: () =>
      db
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
        .returning({ questionId: assignments.questionId })
        .prepare('set_answer'),
    countAnswer: () =>
      db
        .update(questions)
        .set({
          answers0: plusOne(questions.answers0, 0),
          answers1: plusOne(questions.answers1, 1),
          answers2: plusOne(questions.answers2, 2),
          answers3: plusOne(questions.answers3, 3),
        })
        .where(ofQuestion)
        .returning(figures)
        .prepare('count_answer'),
    /** Reads the index `assignments_answers` and the ids of the retired questions. */
    listAnswers: () =>
      db
        .select({
          id: assignments.id,
          answeredAt: sql<number>`${assignments.answeredAt}`.mapWith(Number),
          difficulty: sql<Difficulty>`${assignments.answerDifficulty}`,
          topic: assignments.answerTopic,
          correct: sql<boolean>`${assignments.answerCorrect}`,
        })
        .from(assignments)
        .where(
          and(
            eq(assignments.createdBy, value('userId')),
            isNotNull(assignments.answeredAt),
            sql`(${assignments.answeredAt}, ${assignments.id}) > (${value('answeredAt')}, ${value('id')})`,
            sql`${assignments.questionId} not in ${isRetired}`,
          ),
        )
        .orderBy(assignments.answeredAt, assignments.id)
        .limit(value('limit'))
        .prepare('list_answers'),
  }
}

function prepareReports(db: Connection) {
  const setReport = (name: string, condition: typeof isThis) =>
    db
      .update(assignments)
      .set({
        reportReason: parameter('reason'),
        reportComment: parameter('comment'),
        reportedAt: parameter('now'),
      })
      .where(condition)
      .returning({ questionId: assignments.questionId })
      .prepare(name)
  return {
    setFirstReport: () => setReport('set_first_report', and(isThis, isNull(assignments.reportReason))),
    replaceReport: () => setReport('replace_report', isThis),
    countReport: () =>
      db
        .update(questions)
        .set({ reports: sql`${questions.reports} + 1` })
        .where(and(ofQuestion, isFirstReport))
        .returning(figures)
        .prepare('count_report'),
  }
}
