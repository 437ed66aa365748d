import { Database } from 'bun:sqlite'
import { drizzle } from 'drizzle-orm/bun-sqlite'
import type { ImportedAssignment, ImportedQuestion, ImportedRows } from '../store.ts'
import { findOwner } from './opening.ts'
import { assignments, challengeQuotas, questions } from './schema.ts'

/**
 * Every row of a SQLite database of this server, which is opened read-only.
 * @throws Error with one sentence if it is no such database.
 */
export function exportSqliteFile(path: string): ImportedRows {
  try {
    using file = new Database(path, { readonly: true, create: false, strict: true })
    const owner = findOwner(file)
    if (owner === 'us 1.0.0') throw new Error('version 1.0.0 wrote it; start this version on it once')
    if (owner !== 'us') throw new Error('for a database of the FastAPI server there is `bun run import`')
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
    throw new Error(
      `${path} is not a database of this server: ${error instanceof Error ? error.message : ''}.`,
    )
  }
}

function toQuestion(row: typeof questions.$inferSelect): ImportedQuestion {
  const { importKey, answers0, answers1, answers2, answers3, ...question } = row
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

/** Identifies a row by the values that never change: ids alone repeat in another file. */
function toKey(values: unknown[]): string {
  return `transferred ${new Bun.CryptoHasher('sha256').update(JSON.stringify(values)).digest('hex')}`
}
