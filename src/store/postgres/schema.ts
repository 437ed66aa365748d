import { eq, sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  pgTable,
  pgView,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import type { Difficulty, QuestionState, ReportReason, Source } from '../../question.ts'
import { isEntering } from '../entering.ts'
import { count, id, json, timestamp } from './columns.ts'
import { libraries } from './library-schema.ts'

// The tables have the columns of sqlite/schema.ts, which documents them.

export const questions = pgTable(
  'questions',
  {
    id: id(),
    difficulty: text('difficulty').$type<Difficulty>().notNull(),
    topic: text('topic'),
    title: text('title').notNull(),
    language: text('language'),
    options: json('options').$type<string[]>().notNull(),
    correctAnswerId: integer('correct_answer_id').notNull(),
    explanation: text('explanation').notNull(),
    optionNotes: json('option_notes'),
    source: text('source').$type<Source>().notNull().default('ai'),
    state: text('state').$type<QuestionState>().notNull().default('circulating'),
    dateCreated: timestamp('date_created').notNull().default(0),
    fingerprint: text('fingerprint'),
    bankId: text('bank_id'),
    importKey: text('import_key'),
    answers0: count('answers_0'),
    answers1: count('answers_1'),
    answers2: count('answers_2'),
    answers3: count('answers_3'),
    reports: count('reports'),
    libraryId: bigint('library_id', { mode: 'number' }).references(() => libraries.id),
    position: integer('position'),
    clearedAnswers: count('cleared_answers'),
    clearedReports: count('cleared_reports'),
    kept: boolean('kept').notNull().default(false),
    lookUntil: timestamp('look_until').notNull().default(0),
  },
  (table) => [
    check('questions_difficulty', sql`${table.difficulty} in ('easy', 'medium', 'hard')`),
    check('questions_correct_answer_id', sql`${table.correctAnswerId} between 0 and 3`),
    // The migration that creates the table defines the function. A retired question may be damaged, as on SQLite.
    check(
      'questions_content',
      sql`CASE WHEN state = 'retired' THEN true ELSE is_question_content(title, options, option_notes) END`,
    ),
    check('questions_state', sql`${table.state} in ('ready', 'circulating', 'suspected', 'retired')`),
    uniqueIndex('questions_import_key').on(table.importKey).where(sql`${table.importKey} is not null`),
    uniqueIndex('questions_fingerprint').on(table.fingerprint).where(sql`${table.fingerprint} is not null`),
    // Ordered by date first: for an order by id, PostgreSQL may scan the primary key instead.
    index('questions_ready')
      .on(table.difficulty, table.dateCreated, table.id)
      .where(sql`${table.state} = 'ready'`),
    index('questions_ready_topic')
      .on(table.difficulty, table.topic, table.dateCreated, table.id)
      .where(sql`${table.state} = 'ready'`),
    index('questions_topic').on(table.topic, table.id),
    index('questions_bank').on(table.difficulty, table.bankId).where(sql`${table.bankId} is not null`),
    uniqueIndex('questions_library')
      .on(table.libraryId, table.position)
      .where(sql`${table.position} is not null`),
    index('questions_suspected').on(table.lookUntil, table.id).where(sql`${table.state} = 'suspected'`),
    index('questions_entering').on(table.difficulty, table.topic, table.id).where(sql.raw(isEntering)),
    index('questions_retired').on(table.id).where(sql`${table.state} = 'retired'`),
  ],
)

export const assignments = pgTable(
  'assignments',
  {
    id: id(),
    questionId: bigint('question_id', { mode: 'number' })
      .notNull()
      .references(() => questions.id),
    createdBy: text('created_by').notNull(),
    dateCreated: timestamp('date_created').notNull(),
    idempotencyKey: text('idempotency_key'),
    requestedTopic: text('requested_topic'),
    charged: boolean('charged').notNull().default(true),
    answerId: integer('answer_id'),
    answeredAt: timestamp('answered_at'),
    answerCorrect: boolean('answer_correct'),
    answerDifficulty: text('answer_difficulty').$type<Difficulty>(),
    answerTopic: text('answer_topic'),
    reportReason: text('report_reason').$type<ReportReason>(),
    reportComment: text('report_comment'),
    reportedAt: timestamp('reported_at'),
    importKey: text('import_key'),
  },
  (table) => [
    check('assignments_answer_id', sql`${table.answerId} between 0 and 3`),
    uniqueIndex('assignments_import_key').on(table.importKey).where(sql`${table.importKey} is not null`),
    uniqueIndex('assignments_idempotency_key')
      .on(table.createdBy, table.idempotencyKey)
      .where(sql`${table.idempotencyKey} is not null`),
    index('assignments_history').on(table.createdBy, table.dateCreated, table.id),
    index('assignments_question').on(table.questionId, table.createdBy),
    index('assignments_answered').on(table.questionId, table.id).where(sql`${table.answerId} is not null`),
    index('assignments_reported')
      .on(table.questionId, table.id)
      .where(sql`${table.reportReason} is not null`),
    // A covering index of the statement `listAnswers`.
    index('assignments_answers')
      .on(
        table.createdBy,
        table.answeredAt,
        table.id,
        table.answerDifficulty,
        table.answerTopic,
        table.answerCorrect,
        table.questionId,
      )
      .where(sql`${table.answeredAt} is not null`),
  ],
)

export const challenges = pgView('challenges').as((query) =>
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
      optionNotes: questions.optionNotes,
      state: questions.state,
      charged: assignments.charged,
      answerId: assignments.answerId,
      answeredAt: assignments.answeredAt,
    })
    .from(assignments)
    .innerJoin(questions, eq(questions.id, assignments.questionId)),
)
