import { sql } from 'drizzle-orm'
import { check, index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { Difficulty, QuestionState, ReportReason, Source } from '../../question.ts'
import { isEntering } from '../entering.ts'
import { count, id, json } from './columns.ts'
import { contentChecks } from './content-checks.ts'
import { libraries } from './library-schema.ts'

/** A question is stored once and assigned to any number of learners. Times are epoch milliseconds. */
export const questions = sqliteTable(
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
    /** When the question was stored. */
    dateCreated: integer('date_created').notNull().default(0),
    /** Identifies the text. NULL for rows that version 1.0.0 stored without it, and for imported repeats of a text. */
    fingerprint: text('fingerprint'),
    bankId: text('bank_id'),
    /** Identifies the row in the database from which it was imported, so that a repeated import skips the row. */
    importKey: text('import_key'),
    /** The number of first answers with each option. */
    answers0: count('answers_0'),
    answers1: count('answers_1'),
    answers2: count('answers_2'),
    answers3: count('answers_3'),
    reports: count('reports'),
    // Set while the question circulates in a library.
    libraryId: integer('library_id').references(() => libraries.id),
    position: integer('position'),
    // `answers` and `reports` at the moment when the last second look cleared the question.
    clearedAnswers: count('cleared_answers'),
    clearedReports: count('cleared_reports'),
    /** The operator decided that the question is right: it is never suspected again. */
    kept: integer('kept', { mode: 'boolean' }).notNull().default(false),
    /** Until this time, one process has the suspected question to itself, or no process takes it. */
    lookUntil: integer('look_until').notNull().default(0),
  },
  (table) => [
    check('questions_difficulty', sql`${table.difficulty} in ('easy', 'medium', 'hard')`),
    check('questions_correct_answer_id', sql`${table.correctAnswerId} between 0 and 3`),
    ...Object.entries(contentChecks).map(([name, rule]) => check(`questions_${name}`, sql.raw(rule))),
    check('questions_state', sql`${table.state} in ('ready', 'circulating', 'suspected', 'retired')`),
    uniqueIndex('questions_import_key').on(table.importKey).where(sql`${table.importKey} is not null`),
    uniqueIndex('questions_fingerprint').on(table.fingerprint).where(sql`${table.fingerprint} is not null`),
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
    // It begins with the id, so that claims which follow one another change the same page.
    index('questions_entering').on(table.id, table.difficulty, table.topic).where(sql.raw(isEntering)),
    index('questions_retired').on(table.id).where(sql`${table.state} = 'retired'`),
  ],
)

/** An assignment gives a question to a learner. Its id is the id of the challenge in the API. */
export const assignments = sqliteTable(
  'assignments',
  {
    id: id(),
    questionId: integer('question_id')
      .notNull()
      .references(() => questions.id),
    createdBy: text('created_by').notNull(),
    /** When the question was assigned. */
    dateCreated: integer('date_created').notNull(),
    /** The idempotency key of the request that got this challenge. */
    idempotencyKey: text('idempotency_key'),
    /** The topic that the request asked for; NULL if it asked for none. */
    requestedTopic: text('requested_topic'),
    charged: integer('charged', { mode: 'boolean' }).notNull().default(true),
    /** The learner's first answer. */
    answerId: integer('answer_id'),
    answeredAt: integer('answered_at'),
    // Copies of the question's values: reading 4000 questions takes longer than reading the answers.
    answerCorrect: integer('answer_correct', { mode: 'boolean' }),
    answerDifficulty: text('answer_difficulty').$type<Difficulty>(),
    answerTopic: text('answer_topic'),
    reportReason: text('report_reason').$type<ReportReason>(),
    reportComment: text('report_comment'),
    reportedAt: integer('reported_at'),
    importKey: text('import_key'),
  },
  (table) => [
    check('assignments_answer_id', sql`${table.answerId} between 0 and 3`),
    uniqueIndex('assignments_import_key').on(table.importKey).where(sql`${table.importKey} is not null`),
    uniqueIndex('assignments_idempotency_key')
      .on(table.createdBy, table.idempotencyKey)
      .where(sql`${table.idempotencyKey} is not null`),
    // A covering index of the statement `toHistorySql`: the rows of one learner lie on pages far from one another.
    index('assignments_history').on(
      table.createdBy,
      table.dateCreated,
      table.id,
      table.questionId,
      table.charged,
      table.answerId,
      table.answeredAt,
    ),
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
