import { and, asc, count, eq, lte, sql } from 'drizzle-orm'
import type { BunSQLDatabase } from 'drizzle-orm/bun-sql'
import { questions } from './schema.ts'

const value = sql.placeholder
// `set` accepts a placeholder only within `sql`.
const parameter = (name: string) => sql`${value(name)}`

type Connection = Pick<BunSQLDatabase, 'select' | 'update'>

/** The columns from which a suspicion follows. */
export const figures = {
  id: questions.id,
  difficulty: questions.difficulty,
  topic: questions.topic,
  state: questions.state,
  source: questions.source,
  correctAnswerId: questions.correctAnswerId,
  answers0: questions.answers0,
  answers1: questions.answers1,
  answers2: questions.answers2,
  answers3: questions.answers3,
  reports: questions.reports,
  kept: questions.kept,
  clearedAnswers: questions.clearedAnswers,
  clearedReports: questions.clearedReports,
}

// Literals: PostgreSQL uses a partial index only if the statement contains its condition.
const isSuspected = sql`${questions.state} = 'suspected'`
const isRetired = sql`${questions.state} = 'retired'`

/** Prepares the statements for suspected and retired questions. */
export function prepareSuspects(db: Connection) {
  const ofQuestion = eq(questions.id, value('id'))
  return {
    ...prepareLooks(db),
    /** Locks the row. */
    findState: () =>
      db
        .select({ state: questions.state, lookUntil: questions.lookUntil })
        .from(questions)
        .where(ofQuestion)
        .for('update')
        .prepare('find_state'),
    setState: () =>
      db
        .update(questions)
        .set({ state: parameter('state'), lookUntil: 0 })
        .where(ofQuestion)
        .prepare('set_state'),
    setCleared: () =>
      db
        .update(questions)
        .set({
          clearedAnswers: sql`${questions.answers0} + ${questions.answers1} + ${questions.answers2} + ${questions.answers3}`,
          clearedReports: sql`${questions.reports}`,
        })
        .where(ofQuestion)
        .prepare('set_cleared'),
    setKept: () =>
      db
        .update(questions)
        .set({ kept: parameter('kept') })
        .where(ofQuestion)
        .prepare('set_kept'),
    listRetiredOfBank: () =>
      db
        .select({ bankId: sql<string>`${questions.bankId}` })
        .from(questions)
        .where(and(isRetired, sql`${questions.bankId} is not null`))
        .prepare('list_retired_of_bank'),
    countSuspected: () =>
      db.select({ count: count() }).from(questions).where(isSuspected).prepare('count_suspected'),
    countRetired: () =>
      db.select({ count: count() }).from(questions).where(isRetired).prepare('count_retired'),
  }
}

function prepareLooks(db: Connection) {
  const firstDue = () =>
    db
      .select({ id: questions.id })
      .from(questions)
      .where(and(isSuspected, lte(questions.lookUntil, value('now'))))
      .orderBy(asc(questions.lookUntil), asc(questions.id))
      .limit(1)
  return {
    findDue: () => firstDue().prepare('find_due'),
    takeDue: () =>
      db
        .update(questions)
        .set({ lookUntil: parameter('until') })
        .where(eq(questions.id, sql`(${firstDue().for('update', { skipLocked: true })})`))
        .returning({
          id: questions.id,
          lookUntil: questions.lookUntil,
          difficulty: questions.difficulty,
          topic: questions.topic,
          title: questions.title,
          language: questions.language,
          options: questions.options,
          correctAnswerId: questions.correctAnswerId,
        })
        .prepare('take_due'),
    setLookUntil: () =>
      db
        .update(questions)
        .set({ lookUntil: parameter('until') })
        .where(and(eq(questions.id, value('id')), eq(questions.lookUntil, value('lookUntil')), isSuspected))
        .prepare('set_look_until'),
  }
}
