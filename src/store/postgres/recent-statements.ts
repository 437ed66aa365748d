import { desc, eq, isNull, type SQL, sql } from 'drizzle-orm'
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
  /** The latest ids of one topic in one value. The order is that of the index, and the limit keeps the search short. */
  const listIds = (ofTopic: SQL) => {
    const latest = db
      .select({ id: questions.id })
      .from(questions)
      .where(ofTopic)
      .orderBy(desc(questions.topic), desc(questions.id))
      .limit(maxRecent)
    return db.select({ ids: sql<string | null>`string_agg(id::text, ',')` }).from(latest.as('latest'))
  }
  return {
    recentIds: () => listIds(eq(questions.topic, value('topic'))).prepare('recent_ids'),
    recentIdsOfNone: () => listIds(isNull(questions.topic)).prepare('recent_ids_of_none'),
    /** `ids` is a text, since Bun's SQL does not encode lists of numbers. */
    recentQuestions: () =>
      db
        .select(recent)
        .from(questions)
        .where(sql`${questions.id} = any(string_to_array(${value('ids')}::text, ',')::bigint[])`)
        .prepare('recent_questions'),
  }
}
