import { and, between, desc, eq, gt, isNull, type SQL, sql } from 'drizzle-orm'
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
  const ofTopic = eq(questions.topic, value('topic'))
  const ofNone = isNull(questions.topic)
  const countKnown = (condition: SQL) =>
    db
      .select({ count: sql<number>`count(*)::int` })
      .from(questions)
      .where(and(condition, between(questions.id, value('oldest'), value('newest'))))
  /** The order is that of the index, and the limit keeps the search short. */
  const listNewer = (condition: SQL) =>
    db
      .select(recent)
      .from(questions)
      .where(and(condition, gt(questions.id, value('newest'))))
      .orderBy(desc(questions.topic), desc(questions.id))
      .limit(maxRecent)
  return {
    countRecent: () => countKnown(ofTopic).prepare('count_recent'),
    countRecentOfNone: () => countKnown(ofNone).prepare('count_recent_of_none'),
    listNewer: () => listNewer(ofTopic).prepare('list_newer'),
    listNewerOfNone: () => listNewer(ofNone).prepare('list_newer_of_none'),
  }
}
