import { and, between, count, desc, eq, gt, isNull, type SQL, sql } from 'drizzle-orm'
import type { BunSQLiteDatabase } from 'drizzle-orm/bun-sqlite'
import { maxRecent } from '../recent.ts'
import { literal, sought } from './parameters.ts'
import { questions } from './schema.ts'

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
  const ofTopic = eq(questions.topic, sought('topic'))
  const ofNone = isNull(questions.topic)
  const countKnown = (condition: SQL) =>
    db
      .select({ count: count() })
      .from(questions)
      .where(and(condition, between(questions.id, sought('oldest'), sought('newest'))))
  /** The order is that of the index, and the limit keeps the search short. */
  const listNewer = (condition: SQL) =>
    db
      .select(recent)
      .from(questions)
      .where(and(condition, gt(questions.id, sought('newest'))))
      .orderBy(desc(questions.topic), desc(questions.id))
      .limit(literal(maxRecent))
  return {
    countRecent: () => countKnown(ofTopic).prepare(),
    countRecentOfNone: () => countKnown(ofNone).prepare(),
    listNewer: () => listNewer(ofTopic).prepare(),
    listNewerOfNone: () => listNewer(ofNone).prepare(),
  }
}
