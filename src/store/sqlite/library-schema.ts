import { sql } from 'drizzle-orm'
import { check, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { Difficulty } from '../../question.ts'
import { id } from './columns.ts'

/**
 * The circulating questions by the model of one difficulty and topic. Each has a position below `size`; a position is
 * given once and becomes empty when its question leaves circulation. `circulating` positions hold a question.
 */
export const libraries = sqliteTable(
  'libraries',
  {
    id: id(),
    difficulty: text('difficulty').$type<Difficulty>().notNull(),
    /** Empty for questions without a topic. */
    topic: text('topic').notNull(),
    size: integer('size').notNull(),
    circulating: integer('circulating').notNull(),
  },
  (table) => [
    check('libraries_circulating', sql`${table.circulating} between 0 and ${table.size}`),
    uniqueIndex('libraries_difficulty_topic').on(table.difficulty, table.topic),
  ],
)

/** The walk of each learner through each library (`Walk` in store/library.ts). */
export const walks = sqliteTable(
  'walks',
  {
    userId: text('user_id').notNull(),
    libraryId: integer('library_id')
      .notNull()
      .references(() => libraries.id),
    first: integer('first').notNull(),
    size: integer('size').notNull(),
    start: integer('start').notNull(),
    stride: integer('stride').notNull(),
    step: integer('step').notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.libraryId] })],
)
