import { and, count, desc, eq, max, sql } from 'drizzle-orm'
import type { BunSQLDatabase } from 'drizzle-orm/bun-sql'
import type { Difficulty, Question } from '../../question.ts'
import type { QuestionState } from '../store.ts'
import { prepareQuotas } from './quota-statements.ts'
import { assignments, challenges, questions } from './schema.ts'

const value = sql.placeholder

type Connection = Pick<BunSQLDatabase, 'select' | 'insert' | 'update' | 'delete'>

/** Every statement of the PostgreSQL store, prepared once for each connection. */
export function prepareStatements(db: Connection) {
  return { ...prepareQuotas(db), ...prepareQuestions(db), ...prepareAssignments(db) }
}

export type Statements = ReturnType<typeof prepareStatements>

function prepareQuestions(db: Connection) {
  const ofDifficulty = eq(questions.difficulty, value('difficulty'))
  const isReady = sql`${questions.state} = 'ready'`
  const addQuestion = db
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
    .prepare('add_question')
  const byFingerprint = db
    .select({ id: questions.id })
    .from(questions)
    .where(eq(questions.fingerprint, value('fingerprint')))
    .prepare('by_fingerprint')
  const countReady = db
    .select({ count: count() })
    .from(questions)
    .where(and(ofDifficulty, isReady))
    .prepare('count_ready')
  // From the latest 500 rows only: the cost is bounded, and needs no index.
  const recentQuestions = db
    .select({ title: questions.title, fingerprint: questions.fingerprint })
    .from(questions)
    .where(
      and(
        ofDifficulty,
        eq(questions.source, 'ai'),
        sql`${questions.id} > (select max(${questions.id}) - 500 from ${questions})`,
      ),
    )
    .orderBy(desc(questions.id))
    .prepare('recent_questions')

  return {
    addQuestion: async (question: Question, state: QuestionState, dateCreated: number) =>
      (await addQuestion.execute({ ...question, state, dateCreated }))[0],
    byFingerprint: async (fingerprint: string) => (await byFingerprint.execute({ fingerprint }))[0],
    countReady: async (difficulty: Difficulty) => (await countReady.execute({ difficulty }))[0]?.count ?? 0,
    recentQuestions: (difficulty: Difficulty) => recentQuestions.execute({ difficulty }),
  }
}

type Assignment = {
  questionId: number
  userId: string
  now: number
  idempotencyKey: string | null
  charged: boolean
}

function prepareAssignments(db: Connection) {
  const ofUser = eq(assignments.createdBy, value('userId'))
  const assign = db
    .insert(assignments)
    .values({
      questionId: value('questionId'),
      createdBy: value('userId'),
      dateCreated: value('now'),
      idempotencyKey: value('idempotencyKey'),
      charged: value('charged'),
    })
    .returning({ id: assignments.id })
    .prepare('assign')
  const challenge = db
    .select()
    .from(challenges)
    .where(eq(challenges.id, value('id')))
    .prepare('challenge')
  const key = db
    .select({ id: assignments.id })
    .from(assignments)
    .where(and(ofUser, eq(assignments.idempotencyKey, value('idempotencyKey'))))
  const byKey = db
    .select()
    .from(challenges)
    .where(eq(challenges.id, sql`(${key})`))
    .prepare('by_key')
  const hadOfBank = db
    .select({ bankId: sql<string>`${questions.bankId}` })
    .from(questions)
    .innerJoin(assignments, and(eq(assignments.questionId, questions.id), ofUser))
    .where(and(eq(questions.difficulty, value('difficulty')), sql`${questions.bankId} is not null`))
    .groupBy(questions.bankId)
    .orderBy(max(assignments.dateCreated), max(assignments.id))
    .prepare('had_of_bank')
  const eraseAssignments = db.delete(assignments).where(ofUser).prepare('erase_assignments')

  return {
    assign: async (assignment: Assignment) => (await assign.execute(assignment))[0],
    challenge: async (id: number) => (await challenge.execute({ id }))[0],
    byKey: async (userId: string, idempotencyKey: string) =>
      (await byKey.execute({ userId, idempotencyKey }))[0],
    hadOfBank: (userId: string, difficulty: Difficulty) => hadOfBank.execute({ userId, difficulty }),
    eraseAssignments: (userId: string) => eraseAssignments.execute({ userId }),
  }
}
