import { and, count, eq, getViewSelectedFields, max, sql } from 'drizzle-orm'
import type { BunSQLDatabase } from 'drizzle-orm/bun-sql'
import { lazy } from '../../lazy.ts'
import { prepareLibraries } from './library-statements.ts'
import { prepareQuotas } from './quota-statements.ts'
import { prepareRecent } from './recent-statements.ts'
import { prepareRecords } from './record-statements.ts'
import { assignments, challenges, questions } from './schema.ts'

const value = sql.placeholder

/** The columns of a question that a challenge shows, and its id. */
export const shown = {
  id: questions.id,
  difficulty: questions.difficulty,
  title: questions.title,
  options: questions.options,
  correctAnswerId: questions.correctAnswerId,
  explanation: questions.explanation,
  topic: questions.topic,
  source: questions.source,
  optionNotes: questions.optionNotes,
  state: questions.state,
}

type Connection = Pick<BunSQLDatabase, 'select' | 'insert' | 'update' | 'delete'>

/** The statements of one connection, each prepared when it is first used. */
export function prepareStatements(db: Connection) {
  return lazy({
    ...prepareQuotas(db),
    ...prepareQuestions(db),
    ...prepareAssignments(db),
    ...prepareRecords(db),
    ...prepareRecent(db),
    ...prepareLibraries(db),
  })
}

export type Statements = ReturnType<typeof prepareStatements>

function prepareQuestions(db: Connection) {
  return {
    addQuestion: () =>
      db
        .insert(questions)
        .values({
          difficulty: value('difficulty'),
          topic: value('topic'),
          title: value('title'),
          language: value('language'),
          options: value('options'),
          correctAnswerId: value('correctAnswerId'),
          explanation: value('explanation'),
          optionNotes: value('optionNotes'),
          source: value('source'),
          state: value('state'),
          dateCreated: value('dateCreated'),
          fingerprint: value('fingerprint'),
          bankId: value('bankId'),
        })
        .onConflictDoNothing()
        .returning({ id: questions.id })
        .prepare('add_question'),
    /** Takes a damaged question out of circulation. The same question may then be stored anew. */
    retireDamaged: () =>
      db
        .update(questions)
        .set({ state: 'retired', fingerprint: null, bankId: null })
        .where(eq(questions.id, value('id')))
        .prepare('retire_damaged'),
    byFingerprint: () =>
      db
        .select(shown)
        .from(questions)
        .where(eq(questions.fingerprint, value('fingerprint')))
        .prepare('by_fingerprint'),
    countReady: () =>
      db
        .select({ difficulty: questions.difficulty, topic: questions.topic, count: count() })
        .from(questions)
        .where(sql`${questions.state} = 'ready'`)
        .groupBy(questions.difficulty, questions.topic)
        .prepare('count_ready'),
  }
}

function prepareAssignments(db: Connection) {
  const ofUser = eq(assignments.createdBy, value('userId'))
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
        .prepare('assign'),
    challenge: () =>
      db
        .select()
        .from(challenges)
        .where(eq(challenges.id, value('id')))
        .prepare('challenge'),
    byKey: () =>
      db
        .select({ ...getViewSelectedFields(challenges), requestedTopic: assignments.requestedTopic })
        .from(assignments)
        .innerJoin(challenges, eq(challenges.id, assignments.id))
        .where(and(ofUser, eq(assignments.idempotencyKey, value('idempotencyKey'))))
        .prepare('by_key'),
    releaseKey: () =>
      db
        .update(assignments)
        .set({ idempotencyKey: null })
        .where(eq(assignments.id, value('id')))
        .prepare('release_key'),
    listSeenOfBank: () =>
      db
        .select({ bankId: sql<string>`${questions.bankId}` })
        .from(questions)
        .innerJoin(assignments, and(eq(assignments.questionId, questions.id), ofUser))
        .where(sql`${questions.bankId} is not null`)
        .groupBy(questions.bankId)
        .orderBy(max(assignments.dateCreated), max(assignments.id))
        .prepare('list_seen_of_bank'),
    eraseAssignments: () => db.delete(assignments).where(ofUser).prepare('erase_assignments'),
  }
}
