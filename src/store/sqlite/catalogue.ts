import { and, asc, desc, eq, gt, isNotNull, ne, sql } from 'drizzle-orm'
import type { BunSQLiteDatabase } from 'drizzle-orm/bun-sqlite'
import { type Catalogue, maxElsewhere, minElsewhere, type Report } from '../catalogue.ts'
import { isOfLibrary } from '../entering.ts'
import { readSound, type Soundness } from '../soundness.ts'
import { shown } from './question-statements.ts'
import { assignments, questions } from './schema.ts'
import { figures } from './suspect-statements.ts'

type Connection = BunSQLiteDatabase

type Read = <T>(work: () => T) => Promise<T>

const stored = {
  ...shown,
  language: questions.language,
  bankId: questions.bankId,
  dateCreated: questions.dateCreated,
}

/** The reads of the operator's command. They are built at each call, because a server makes none of them. */
export function createCatalogue(db: Connection, read: Read, sound: Soundness): Catalogue {
  const readLibrary = (after: number, limit: number) => read(() => selectLibrary(db, { after, limit }).all())

  return {
    listFigures: (page) => read(() => selectFigures(db, page).all()),
    listLibrary: ({ after, limit }) =>
      readSound(
        { after: { id: after }, limit },
        (page) => readLibrary(page.after.id, page.limit),
        sound.isQuestion,
      ),
    async findQuestion(id) {
      const found = await read(() => db.select(stored).from(questions).where(eq(questions.id, id)).get())
      return found && sound.isQuestion(found) ? found : undefined
    },
    listReports: (questionId, limit) => read(() => selectReports(db, questionId, limit).all()),
    sampleAnswers: (questionId, limit) => read(() => selectAnswers(db, questionId, limit).all()),
  }
}

type Page = Parameters<Catalogue['listFigures']>[0]

function selectFigures(db: Connection, { after, limit }: Page) {
  return db
    .select(figures)
    .from(questions)
    .where(and(gt(questions.id, after), ne(questions.state, 'ready')))
    .orderBy(asc(questions.id))
    .limit(limit)
}

function selectLibrary(db: Connection, { after, limit }: Page) {
  return db
    .select(stored)
    .from(questions)
    .where(and(gt(questions.id, after), sql.raw(isOfLibrary)))
    .orderBy(asc(questions.id))
    .limit(limit)
}

function selectReports(db: Connection, questionId: number, limit: number) {
  return db
    .select({
      reason: sql<Report['reason']>`${assignments.reportReason}`,
      comment: assignments.reportComment,
      reportedAt: sql<number>`${assignments.reportedAt}`.mapWith(Number),
    })
    .from(assignments)
    .where(and(eq(assignments.questionId, questionId), isNotNull(assignments.reportReason)))
    .orderBy(desc(assignments.id))
    .limit(limit)
}

function selectAnswers(db: Connection, questionId: number, limit: number) {
  const latest = sql`select answer_correct as is_right from assignments as other
    where other.created_by = ${assignments}.created_by and other.answered_at is not null
      and other.question_id <> ${questionId}
    order by other.answered_at desc, other.id desc limit ${maxElsewhere}`
  return db
    .select({
      correct: sql<boolean>`${assignments.answerId} = ${questions.correctAnswerId}`.mapWith(Boolean),
      elsewhere: sql<number | null>`(select case when count(*) >= ${minElsewhere} then avg(is_right) end
        from (${latest}) as latest)`,
    })
    .from(assignments)
    .innerJoin(questions, eq(questions.id, assignments.questionId))
    .where(and(eq(assignments.questionId, questionId), isNotNull(assignments.answerId)))
    .orderBy(desc(assignments.id))
    .limit(limit)
}
