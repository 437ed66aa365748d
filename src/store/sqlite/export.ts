import { type BunSQLiteDatabase, drizzle } from 'drizzle-orm/bun-sqlite'
import type { ImportedAssignment, ImportedQuestion, ImportedRows } from '../imported.ts'
import { findDamage } from '../soundness.ts'
import { challengeQuotas } from './quota-schema.ts'
import { readSqliteFile } from './read-file.ts'
import { assignments, questions } from './schema.ts'

/** Rows, and a sentence for each damaged row. */
type ExportedRows = ImportedRows & { refused: string[] }

/**
 * Reads every row of a SQLite database of this server. Opens the file read-only.
 * @throws Error with one sentence if the file cannot be read, or is not such a database
 */
export function exportSqliteFile(path: string): ExportedRows {
  return readSqliteFile(path, (file, owner) => {
    if (owner === 'this server, 1.0.0')
      throw new Error(`Version 1.0 wrote ${path}: start this version on it once, which migrates it.`)
    if (owner === 'FastAPI server')
      throw new Error(
        `${path} is a database of the FastAPI server: import it with \`bun run import ${path}\`.`,
      )
    if (owner !== 'this server') throw new Error(`${path} is a SQLite database, but not one of this server.`)
    return readRows(drizzle({ client: file }))
  })
}

function readRows(db: BunSQLiteDatabase): ExportedRows {
  const refused: string[] = []
  const isSound = (kind: 'question' | 'assignment' | 'quota', table: string) => (row: { id: number }) => {
    const damaged = findDamage(kind, row)
    if (damaged) refused.push(`${table} ${row.id}: ${damaged} is damaged`)
    return !damaged
  }
  const exported = db.select().from(questions).orderBy(questions.id).all()
  const sound = exported.filter(isSound('question', 'questions')).map(toQuestion)
  const keys = new Map(sound.map(({ id, key }) => [id, key]))
  const assigned = db.select().from(assignments).orderBy(assignments.id).all()
  const quotas = db.select().from(challengeQuotas).orderBy(challengeQuotas.id).all()
  return {
    questions: sound,
    assignments: assigned.filter(isSound('assignment', 'assignments')).flatMap((row) => {
      const questionKey = keys.get(row.questionId)
      if (questionKey !== undefined) return [toAssignment(row, questionKey)]
      refused.push(`assignments ${row.id}: its question ${row.questionId} is damaged`)
      return []
    }),
    quotas: quotas.map(toQuota).filter(isSound('quota', 'challenge_quotas')),
    refused,
  }
}

function toQuestion(row: typeof questions.$inferSelect): ImportedQuestion {
  const { importKey, answers0, answers1, answers2, answers3, libraryId, position, lookUntil, ...question } =
    row
  const { id, title, options, explanation } = question
  return {
    ...question,
    key: importKey ?? toKey([id, title, options, explanation]),
    answers: [answers0, answers1, answers2, answers3],
  }
}

function toAssignment(
  { questionId, importKey, ...assignment }: typeof assignments.$inferSelect,
  questionKey: string,
): ImportedAssignment {
  const { id, createdBy, dateCreated } = assignment
  return { ...assignment, key: importKey ?? toKey([id, createdBy, dateCreated, questionKey]), questionKey }
}

function toQuota({
  id,
  userId,
  quotaRemaining,
  quotaLimit,
  lastResetDate,
}: typeof challengeQuotas.$inferSelect) {
  return {
    id,
    userId,
    remaining: quotaRemaining,
    limit: quotaLimit ?? quotaRemaining,
    lastReset: lastResetDate,
  }
}

/** Derives a key from values of a row that never change. An id is not enough: another file may have the same id. */
function toKey(values: unknown[]): string {
  return `transferred ${new Bun.CryptoHasher('sha256').update(JSON.stringify(values)).digest('hex')}`
}
