import { and, asc, desc, eq, gt, isNotNull, ne, sql } from 'drizzle-orm'
import type { BunSQLDatabase } from 'drizzle-orm/bun-sql'
import { type Catalogue, maxElsewhere, minElsewhere, type Report } from '../catalogue.ts'
import { isOfLibrary } from '../entering.ts'
import { readSound, type Soundness } from '../soundness.ts'
import { assignments, questions } from './schema.ts'
import { shown } from './statements.ts'
import { figures } from './suspect-statements.ts'

type Connection = Pick<BunSQLDatabase, 'select'>

type Read = <T>(work: (session: { db: Connection }) => Promise<T>) => Promise<T>

const stored = {
  ...shown,
  language: questions.language,
  bankId: questions.bankId,
  dateCreated: questions.dateCreated,
}

/** The reads of the operator's command. They are built at each call, because a server makes none of them. */
export function createCatalogue(read: Read, sound: Soundness): Catalogue {
  const readLibrary = (after: number, limit: number) =>
    read(async ({ db }) => selectLibrary(db, { after, limit }))

  return {
    listFigures: (page) => read(async ({ db }) => selectFigures(db, page)),
    listLibrary: ({ after, limit }) =>
      readSound(
        { after: { id: after }, limit },
        (page) => readLibrary(page.after.id, page.limit),
        sound.isQuestion,
      ),
    async findQuestion(id) {
      const [found] = await read(async ({ db }) =>
        db.select(stored).from(questions).where(eq(questions.id, id)),
      )
      return found && sound.isQuestion(found) ? found : undefined
    },
    listReports: (questionId, limit) => read(async ({ db }) => selectReports(db, questionId, limit)),
    sampleAnswers: (questionId, limit) => read(async ({ db }) => selectAnswers(db, questionId, limit)),
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
  const latest = sql`select answer_correct::int as is_right from assignments as other
    where other.created_by = ${assignments}.created_by and other.answered_at is not null
      and other.question_id <> ${questionId}
    order by other.answered_at desc, other.id desc limit ${maxElsewhere}`
  return db
    .select({
      correct: sql<boolean>`${assignments.answerId} = ${questions.correctAnswerId}`.mapWith(Boolean),
      elsewhere: sql<
        number | null
      >`(select case when count(*) >= ${minElsewhere} then avg(is_right)::float8 end
        from (${latest}) as latest)`,
    })
    .from(assignments)
    .innerJoin(questions, eq(questions.id, assignments.questionId))
    .where(and(eq(assignments.questionId, questionId), isNotNull(assignments.answerId)))
    .orderBy(desc(assignments.id))
    .limit(limit)
}
