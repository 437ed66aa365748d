import { and, desc, eq, isNull, max, type SQL, sql } from 'drizzle-orm'
import type { BunSQLiteDatabase } from 'drizzle-orm/bun-sqlite'
import { prepareQuotas } from './quota-statements.ts'
import { prepareRecords } from './record-statements.ts'
import { assignments, challenges, questions } from './schema.ts'

const value = sql.placeholder
/**
 * A parameter to search for in a table that has a partial index. With a bare parameter SQLite compiles the statement
 * anew at every call, since the value might satisfy the condition of the index; that takes longer than the search.
 */
const sought = (name: string) => sql`+${value(name)}`
// A literal and not a parameter: SQLite uses a partial index only if the statement contains its condition.
const isReady = sql`${questions.state} = 'ready'`

export function prepareStatements(db: BunSQLiteDatabase) {
  return { ...prepareQuotas(db), ...prepareQuestions(db), ...prepareAssignments(db), ...prepareRecords(db) }
}

export type Statements = ReturnType<typeof prepareStatements>

/** The columns of a question that a challenge shows, and its id. */
const shown = {
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

function prepareQuestions(db: BunSQLiteDatabase) {
  const ofDifficulty = eq(questions.difficulty, sought('difficulty'))
  const firstReady = db
    .select({ id: questions.id })
    .from(questions)
    .where(and(ofDifficulty, isReady))
    .orderBy(questions.dateCreated, questions.id)
    .limit(1)
  /** The latest ids of one topic. The order is that of the index, and the limit keeps the search short. */
  const latest = (ofTopic: SQL) =>
    db
      .select({ id: questions.id })
      .from(questions)
      .where(ofTopic)
      .orderBy(desc(questions.topic), desc(questions.id))
      .limit(1000)
  return {
    addQuestion: db
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
      .returning(shown)
      .prepare(),
    /** Takes the question that has waited longest out of the pool. */
    takeReady: db
      .update(questions)
      .set({ state: 'circulating' })
      .where(eq(questions.id, sql`(${firstReady})`))
      .returning(shown)
      .prepare(),
    byFingerprint: db
      .select(shown)
      .from(questions)
      .where(eq(questions.fingerprint, sought('fingerprint')))
      .prepare(),
    countReady: db
      .select({ count: sql<number>`count(*)` })
      .from(questions)
      .where(and(ofDifficulty, isReady))
      .prepare(),
    recentQuestions: db
      .select({
        topic: questions.topic,
        title: sql<string>`substr(${questions.title}, 1, 4000)`,
        options: questions.options,
        correctAnswerId: questions.correctAnswerId,
        fingerprint: questions.fingerprint,
      })
      .from(questions)
      .where(
        sql`${questions.id} in (select id from ${latest(eq(questions.topic, sought('topic')))} as of_topic
          union all select id from ${latest(isNull(questions.topic))} as of_none)`,
      )
      .orderBy(desc(questions.id))
      .limit(1000)
      .prepare(),
  }
}

function prepareAssignments(db: BunSQLiteDatabase) {
  const ofUser = eq(assignments.createdBy, sought('userId'))
  const byKey = db
    .select({ id: assignments.id })
    .from(assignments)
    .where(and(ofUser, eq(assignments.idempotencyKey, sought('idempotencyKey'))))
  return {
    assign: db
      .insert(assignments)
      .values({
        questionId: value('questionId'),
        createdBy: value('userId'),
        dateCreated: value('now'),
        idempotencyKey: value('idempotencyKey'),
        charged: value('charged'),
      })
      .returning({ id: assignments.id })
      .prepare(),
    byKey: db
      .select()
      .from(challenges)
      .where(eq(challenges.id, sql`(${byKey})`))
      .prepare(),
    // SQLite does not reorder a cross join: the outer loop reads the bank's few entries, not the user's assignments.
    listSeenOfBank: db
      .select({ bankId: sql<string>`${questions.bankId}` })
      .from(questions)
      .crossJoin(assignments)
      .where(
        and(
          eq(questions.difficulty, sought('difficulty')),
          sql`${questions.bankId} is not null`,
          ofUser,
          eq(assignments.questionId, questions.id),
        ),
      )
      .groupBy(questions.bankId)
      .orderBy(max(assignments.dateCreated), max(assignments.id))
      .prepare(),
    eraseAssignments: db.delete(assignments).where(ofUser).prepare(),
  }
}
