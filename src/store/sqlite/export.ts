import { Database } from 'bun:sqlite'
import { drizzle } from 'drizzle-orm/bun-sqlite'
import type { ImportedAssignment, ImportedQuestion, ImportedRows } from '../imported.ts'
import { findOwner } from './opening.ts'
import { challengeQuotas } from './quota-schema.ts'
import { assignments, questions } from './schema.ts'

/**
 * Reads every row of a SQLite database of this server. Opens the file read-only.
 * @throws Error with one sentence if the file is not such a database
 */
export function exportSqliteFile(path: string): ImportedRows {
  try {
    using file = new Database(path, { readonly: true, create: false, strict: true })
    const owner = findOwner(file)
    if (owner === 'this server, 1.0.0')
      throw new Error('version 1.0.0 wrote it; start this version on it once')
    if (owner !== 'this server')
      throw new Error('for a database of the FastAPI server there is `bun run import`')
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
  } catch (error) {
    throw new Error(`${path} cannot be transferred: ${error instanceof Error ? error.message : ''}.`)
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
