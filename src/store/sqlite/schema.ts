import { eq, sql } from 'drizzle-orm'
import { check, index, integer, sqliteTable, sqliteView, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { Difficulty, Source } from '../../question.ts'
import type { QuestionState, ReportReason } from '../store.ts'

// Every column is named: in a view, Drizzle 0.45 loses a name that is taken from the key.
const id = () => integer('id').primaryKey({ autoIncrement: true })
const count = (name: string) => integer(name).notNull().default(0)

/** Questions: written once, handed to any number of learners. Times are epoch milliseconds. */
export const questions = sqliteTable(
  'questions',
  {
    id: id(),
    difficulty: text('difficulty').$type<Difficulty>().notNull(),
    topic: text('topic'),
    title: text('title').notNull(),
    language: text('language'),
    options: text('options', { mode: 'json' }).$type<string[]>().notNull(),
    correctAnswerId: integer('correct_answer_id').notNull(),
    explanation: text('explanation').notNull(),
    optionNotes: text('option_notes', { mode: 'json' }).$type<(string | null)[]>(),
    source: text('source').$type<Source>().notNull().default('ai'),
    /** `ready` in the pool, `circulating` from the first hand-over on. */
    state: text('state').$type<QuestionState>().notNull().default('circulating'),
    /** The moment when the question was stored. */
    dateCreated: integer('date_created').notNull().default(0),
    /** Identifies the question. NULL for rows of version 1.0.0 and imported rows that repeat another row's question. */
    fingerprint: text('fingerprint'),
    bankId: text('bank_id'),
    /** Identifies the row of another database from which this row was imported, so that it is imported once. */
    importKey: text('import_key').unique(),
    /** First answers by option. */
    answers0: count('answers_0'),
    answers1: count('answers_1'),
    answers2: count('answers_2'),
    answers3: count('answers_3'),
    reports: count('reports'),
  },
  (table) => [
    check('questions_difficulty', sql`${table.difficulty} in ('easy', 'medium', 'hard')`),
    check('questions_correct_answer_id', sql`${table.correctAnswerId} between 0 and 3`),
    check('questions_state', sql`${table.state} in ('ready', 'circulating', 'suspected', 'retired')`),
    uniqueIndex('questions_fingerprint').on(table.fingerprint).where(sql`${table.fingerprint} is not null`),
    index('questions_ready')
      .on(table.difficulty, table.dateCreated, table.id)
      .where(sql`${table.state} = 'ready'`),
    index('questions_bank').on(table.difficulty, table.bankId).where(sql`${table.bankId} is not null`),
  ],
)

/** Assignments: a question in the hands of a learner. The id is the challenge's id. */
export const assignments = sqliteTable(
  'assignments',
  {
    id: id(),
    questionId: integer('question_id')
      .notNull()
      .references(() => questions.id),
    createdBy: text('created_by').notNull(),
    /** The moment of the hand-over. */
    dateCreated: integer('date_created').notNull(),
    /** The key of the request that got this challenge; it lives as long as the challenge. */
    idempotencyKey: text('idempotency_key'),
    charged: integer('charged', { mode: 'boolean' }).notNull().default(true),
    /** The learner's first answer. */
    answerId: integer('answer_id'),
    answeredAt: integer('answered_at'),
    reportReason: text('report_reason').$type<ReportReason>(),
    reportComment: text('report_comment'),
    reportedAt: integer('reported_at'),
    importKey: text('import_key').unique(),
  },
  (table) => [
    check('assignments_answer_id', sql`${table.answerId} between 0 and 3`),
    uniqueIndex('assignments_idempotency_key')
      .on(table.createdBy, table.idempotencyKey)
      .where(sql`${table.idempotencyKey} is not null`),
    index('assignments_history').on(table.createdBy, table.dateCreated, table.id),
    index('assignments_question').on(table.createdBy, table.questionId),
  ],
)

/** The table of the FastAPI server and of version 1.0.0, as a view: one row for each assignment. */
export const challenges = sqliteView('challenges').as((query) =>
  query
    .select({
      id: assignments.id,
      difficulty: questions.difficulty,
      dateCreated: assignments.dateCreated,
      createdBy: assignments.createdBy,
      title: questions.title,
      options: questions.options,
      correctAnswerId: questions.correctAnswerId,
      explanation: questions.explanation,
      topic: questions.topic,
      source: questions.source,
    })
    .from(assignments)
    .innerJoin(questions, eq(questions.id, assignments.questionId)),
)

/** One row for each user. `quota_limit` is the number of credits at the start of the current period. */
export const challengeQuotas = sqliteTable(
  'challenge_quotas',
  {
    id: id(),
    userId: text('user_id').notNull().unique(),
    quotaRemaining: integer('quota_remaining').notNull(),
    lastResetDate: integer('last_reset_date').notNull(),
    quotaLimit: integer('quota_limit'),
  },
  (table) => [check('challenge_quotas_remaining', sql`${table.quotaRemaining} >= 0`)],
)
