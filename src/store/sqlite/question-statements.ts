import { and, count, eq, type SQL, sql } from 'drizzle-orm'
import type { BunSQLiteDatabase } from 'drizzle-orm/bun-sqlite'
import type { Topic } from '../../topics.ts'
import { toOfferedCondition } from '../claim.ts'
import { questions } from './schema.ts'

const value = sql.placeholder
/**
 * A parameter to search for. With a bare parameter SQLite compiles a statement for a table with a partial index anew at
 * every call, since the value might satisfy the condition of the index; that takes longer than the search.
 */
export const sought = (name: string) => sql`+${value(name)}`
/** A limit that stands in the statement. With a bare parameter as the limit, SQLite compiles the statement at every call. */
export const literal = (limit: number) => sql.raw(String(limit)) as unknown as number
// A literal and not a parameter: SQLite uses a partial index only if the statement contains its condition.
const isReady = sql`${questions.state} = 'ready'`

/** The columns of a question that a challenge shows, and its id. */
export const shown = {
  id: questions.id,
  difficulty: questions.difficulty,
  title: questions.title,
  options: questions.options,
  correctAnswerId: questions.correctAnswerId,
  explanation: questions.explanation,
  topic: questions.topic,
  source: questions.source,
  optionNotes: questions.optionNotes,
  state: questions.state,
}

/** Prepares the statements for questions. `topics` are the topics that the server offers. */
export function prepareQuestions(db: BunSQLiteDatabase, topics: readonly Topic[]) {
  const ofDifficulty = eq(questions.difficulty, sought('difficulty'))
  /** Finds the question that has waited longest in the pool. */
  const findFirst = (condition: SQL) =>
    db
      .select(shown)
      .from(questions)
      .where(and(ofDifficulty, isReady, condition))
      .orderBy(questions.dateCreated, questions.id)
      .limit(literal(1))
      .prepare()
  return {
    addQuestion: db
      .insert(questions)
      .values({
        difficulty: value('difficulty'),
        topic: value('topic'),
        title: value('title'),
        language: value('language'),
        options: value('options'),
        correctAnswerId: value('correctAnswerId'),
        explanation: value('explanation'),
        optionNotes: value('optionNotes'),
        source: value('source'),
        state: value('state'),
        dateCreated: value('dateCreated'),
        fingerprint: value('fingerprint'),
        bankId: value('bankId'),
      })
      .onConflictDoNothing()
      .returning(shown)
      .prepare(),
    findReady: findFirst(sql.raw(toOfferedCondition(topics))),
    findReadyOf: findFirst(eq(questions.topic, sought('topic'))),
    circulate: db
      .update(questions)
      .set({ state: 'circulating' })
      .where(eq(questions.id, sought('id')))
      .prepare(),
    /** Takes a damaged question out of circulation. The same question may then be stored anew. */
    retireDamaged: db
      .update(questions)
      .set({ state: 'retired', fingerprint: null, bankId: null })
      .where(eq(questions.id, sought('id')))
      .prepare(),
    byFingerprint: db
      .select(shown)
      .from(questions)
      .where(eq(questions.fingerprint, sought('fingerprint')))
      .prepare(),
    countReady: db
      .select({ difficulty: questions.difficulty, topic: questions.topic, count: count() })
      .from(questions)
      .where(isReady)
      .groupBy(questions.difficulty, questions.topic)
      .prepare(),
  }
}
