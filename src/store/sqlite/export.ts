import { drizzle } from 'drizzle-orm/bun-sqlite'
import type { ImportedAssignment, ImportedQuestion, ImportedRows } from '../imported.ts'
import { challengeQuotas } from './quota-schema.ts'
import { readSqliteFile } from './read-file.ts'
import { assignments, questions } from './schema.ts'

/**
 * Reads every row of a SQLite database of this server. Opens the file read-only.
 * @throws Error with one sentence if the file cannot be read, or is not such a database
 */
export function exportSqliteFile(path: string): ImportedRows {
  return readSqliteFile(path, (file, owner) => {
    if (owner === 'this server, 1.0.0')
      throw new Error(`Version 1.0 wrote ${path}: start this version on it once, which migrates it.`)
    if (owner === 'FastAPI server')
      throw new Error(
        `${path} is a database of the FastAPI server: import it with \`bun run import ${path}\`.`,
      )
    if (owner !== 'this server') throw new Error(`${path} is a SQLite database, but not one of this server.`)
    const db = drizzle({ client: file })
    const exported = db.select().from(questions).orderBy(questions.id).all().map(toQuestion)
    const keys = new Map(exported.map(({ id, key }) => [id, key]))
    return {
      questions: exported,
      assignments: db
        .select()
        .from(assignments)
        .orderBy(assignments.id)
        .all()
        .map((row) => toAssignment(row, keys)),
      quotas: db.select().from(challengeQuotas).orderBy(challengeQuotas.id).all().map(toQuota),
    }
  })
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
  questionKeys: Map<number, string>,
): ImportedAssignment {
  const { id, createdBy, dateCreated } = assignment
  const questionKey = questionKeys.get(questionId) ?? ''
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
