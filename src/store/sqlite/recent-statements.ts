import { and, between, count, desc, eq, gt, isNull, type SQL, sql } from 'drizzle-orm'
import type { BunSQLiteDatabase } from 'drizzle-orm/bun-sqlite'
import { maxRecent } from '../recent.ts'
import { literal, sought } from './question-statements.ts'
import { questions } from './schema.ts'

const value = sql.placeholder

/** The columns of a question that a new one must not repeat, and its id. */
const recent = {
  id: questions.id,
  topic: questions.topic,
  title: sql<string>`substr(${questions.title}, 1, 4000)`,
  options: questions.options,
  correctAnswerId: questions.correctAnswerId,
  fingerprint: questions.fingerprint,
}

/** Prepares the statements for the questions that new ones must not repeat. */
export function prepareRecent(db: BunSQLiteDatabase) {
  /**
   * The number of questions of one topic from the id `oldest` to the id `newest`, and the ids after `newest` in one value.
   * The order is that of the index, and the limit keeps the search short.
   */
  const listIds = (ofTopic: SQL) => {
    const known = db
      .select({ count: count() })
      .from(questions)
      .where(and(ofTopic, between(questions.id, sought('oldest'), sought('newest'))))
    const latest = db
      .select({ id: questions.id })
      .from(questions)
      .where(and(ofTopic, gt(questions.id, sought('newest'))))
      .orderBy(desc(questions.topic), desc(questions.id))
      .limit(literal(maxRecent))
    return db
      .select({ known: sql<number>`(${known})`, ids: sql<string | null>`group_concat(id, ',')` })
      .from(latest.as('latest'))
  }
  return {
    recentIds: listIds(eq(questions.topic, sought('topic'))).prepare(),
    recentIdsOfNone: listIds(isNull(questions.topic)).prepare(),
    recentQuestions: db
      .select(recent)
      .from(questions)
      .where(sql`${questions.id} in (select value from json_each('[' || ${value('ids')} || ']'))`)
      .prepare(),
  }
}
