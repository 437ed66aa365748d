import { and, between, count, desc, eq, gt, isNull, type SQL, sql } from 'drizzle-orm'
import type { BunSQLDatabase } from 'drizzle-orm/bun-sql'
import { maxRecent } from '../recent.ts'
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
export function prepareRecent(db: Pick<BunSQLDatabase, 'select'>) {
  /**
   * The number of questions of one topic from the id `oldest` to the id `newest`, and the ids after `newest` in one value.
   * The order is that of the index, and the limit keeps the search short.
   */
  const listIds = (ofTopic: SQL) => {
    const known = db
      .select({ count: count() })
      .from(questions)
      .where(and(ofTopic, between(questions.id, value('oldest'), value('newest'))))
    const latest = db
      .select({ id: questions.id })
      .from(questions)
      .where(and(ofTopic, gt(questions.id, value('newest'))))
      .orderBy(desc(questions.topic), desc(questions.id))
      .limit(maxRecent)
    return db
      .select({ known: sql<number>`(${known})::int`, ids: sql<string | null>`string_agg(id::text, ',')` })
      .from(latest.as('latest'))
  }
  return {
    recentIds: listIds(eq(questions.topic, value('topic'))).prepare('recent_ids'),
    recentIdsOfNone: listIds(isNull(questions.topic)).prepare('recent_ids_of_none'),
    /** `ids` is a text, since Bun's SQL does not encode lists of numbers. */
    recentQuestions: db
      .select(recent)
      .from(questions)
      .where(sql`${questions.id} = any(string_to_array(${value('ids')}::text, ',')::bigint[])`)
      .prepare('recent_questions'),
  }
}
