import { sql } from 'drizzle-orm'
import { bigint, check, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import type { Difficulty } from '../../question.ts'
import { id } from './columns.ts'

// The tables have the columns of sqlite/library-schema.ts, which documents them.

export const libraries = pgTable(
  'libraries',
  {
    id: id(),
    difficulty: text('difficulty').$type<Difficulty>().notNull(),
    topic: text('topic').notNull(),
    size: integer('size').notNull(),
    circulating: integer('circulating').notNull(),
  },
  (table) => [
    check('libraries_circulating', sql`${table.circulating} between 0 and ${table.size}`),
    uniqueIndex('libraries_difficulty_topic').on(table.difficulty, table.topic),
  ],
)

export const walks = pgTable(
  'walks',
  {
    userId: text('user_id').notNull(),
    libraryId: bigint('library_id', { mode: 'number' })
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
