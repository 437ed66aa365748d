import { and, eq, getViewSelectedFields, max, sql } from 'drizzle-orm'
import type { BunSQLiteDatabase } from 'drizzle-orm/bun-sqlite'
import { lazy } from '../../lazy.ts'
import type { Topic } from '../../topics.ts'
import { challenges } from './challenges-view.ts'
import { prepareLibraries } from './library-statements.ts'
import { sought, value } from './parameters.ts'
import { prepareQuestions } from './question-statements.ts'
import { prepareQuotas } from './quota-statements.ts'
import { prepareRecent } from './recent-statements.ts'
import { prepareRecords } from './record-statements.ts'
import { assignments, questions } from './schema.ts'

/** The statements of a database, each prepared when it is first used. `topics` are the topics that the server offers. */
export function prepareStatements(db: BunSQLiteDatabase, topics: readonly Topic[]) {
  return lazy({
    ...prepareQuotas(db),
    ...prepareQuestions(db, topics),
    ...prepareAssignments(db),
    ...prepareRecords(db),
    ...prepareRecent(db),
    ...prepareLibraries(db),
  })
}

export type Statements = ReturnType<typeof prepareStatements>

function prepareAssignments(db: BunSQLiteDatabase) {
  const ofUser = eq(assignments.createdBy, sought('userId'))
  return {
    assign: () =>
      db
        .insert(assignments)
        .values({
          questionId: value('questionId'),
          createdBy: value('userId'),
          dateCreated: value('now'),
          idempotencyKey: value('idempotencyKey'),
          requestedTopic: value('requestedTopic'),
          charged: value('charged'),
        })
        .returning({ id: assignments.id })
        .prepare(),
    byKey: () =>
      db
        .select({ ...getViewSelectedFields(challenges), requestedTopic: assignments.requestedTopic })
        .from(assignments)
        .innerJoin(challenges, eq(challenges.id, assignments.id))
        .where(and(ofUser, eq(assignments.idempotencyKey, sought('idempotencyKey'))))
        .prepare(),
    releaseKey: () =>
      db
        .update(assignments)
        .set({ idempotencyKey: null })
        .where(eq(assignments.id, sought('id')))
        .prepare(),
    // SQLite does not reorder a cross join: the outer loop reads the bank's few entries, not the user's assignments. The
    // order is that of the ids: with the date, SQLite would read all assignments of the user for each entry.
    listSeenOfBank: () =>
      db
        .select({ bankId: sql<string>`${questions.bankId}` })
        .from(questions)
        .crossJoin(assignments)
        .where(and(sql`${questions.bankId} is not null`, ofUser, eq(assignments.questionId, questions.id)))
        .groupBy(questions.bankId)
        .orderBy(max(assignments.id))
        .prepare(),
    eraseAssignments: () => db.delete(assignments).where(ofUser).prepare(),
  }
}
