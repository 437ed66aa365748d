import { inArray } from 'drizzle-orm'
import type { BunSQLiteDatabase } from 'drizzle-orm/bun-sqlite'
import type { Quota } from '../../quota.ts'
import { selectFresh, toAssignmentRow, toQuestionRow, toQuotaRow } from '../import-rows.ts'
import type { ImportCounts, ImportedAssignment, ImportedQuestion, ImportedRows } from '../imported.ts'
import { challengeQuotas } from './quota-schema.ts'
import { assignments, questions } from './schema.ts'

/** Imports rows of another database. The caller opens the transaction. */
export function importRows(db: BunSQLiteDatabase, rows: ImportedRows): ImportCounts {
  const known = findIds(
    db,
    assignments,
    rows.assignments.map(({ key }) => key),
  )
  const fresh = selectFresh(rows, known)
  return {
    questions: importQuestions(db, fresh.questions),
    assignments: importAssignments(db, fresh.assignments, rows.questions),
    quotas: importQuotas(db, rows.quotas),
  }
}

function importQuestions(db: BunSQLiteDatabase, imported: ImportedQuestion[]): number {
  const known = findIds(
    db,
    questions,
    imported.map(({ key }) => key),
  )
  const rows = imported.filter(({ key }) => !known.has(key)).map(toQuestionRow)
  if (rows.length === 0) return 0
  const key = { importKey: questions.importKey }
  const added = db.insert(questions).values(rows).onConflictDoNothing().returning(key).all()
  const keys = new Set(added.map(({ importKey }) => importKey))
  // The remaining rows conflict with existing ones by their id or their fingerprint.
  for (const { id, ...row } of rows) {
    if (keys.has(row.importKey)) continue
    const inserted = db.insert(questions).values(row).onConflictDoNothing().returning(key).all()
    if (inserted.length > 0) continue
    db.insert(questions)
      .values({ ...row, fingerprint: null })
      .run()
  }
  return rows.length
}

function importAssignments(
  db: BunSQLiteDatabase,
  fresh: ImportedAssignment[],
  imported: ImportedQuestion[],
): number {
  if (fresh.length === 0) return 0
  const questionIds = findIds(
    db,
    questions,
    fresh.map(({ questionKey }) => questionKey),
  )
  const byKey = new Map(imported.map((question) => [question.key, question]))
  const rows = fresh.map((assignment) => toAssignmentRow(assignment, questionIds, byKey))
  const key = { importKey: assignments.importKey }
  const added = db.insert(assignments).values(rows).onConflictDoNothing().returning(key).all()
  const keys = new Set(added.map(({ importKey }) => importKey))
  // The remaining rows conflict with existing ones by their id or their idempotency key.
  for (const { id, ...row } of rows) {
    if (keys.has(row.importKey)) continue
    const inserted = db.insert(assignments).values(row).onConflictDoNothing().returning(key).all()
    if (inserted.length > 0) continue
    db.insert(assignments)
      .values({ ...row, idempotencyKey: null })
      .run()
  }
  return rows.length
}

function importQuotas(db: BunSQLiteDatabase, quotas: Quota[]): number {
  if (quotas.length === 0) return 0
  const rows = quotas.map(toQuotaRow)
  const user = { userId: challengeQuotas.userId }
  const added = db.insert(challengeQuotas).values(rows).onConflictDoNothing().returning(user).all()
  const users = new Set(added.map(({ userId }) => userId))
  // The remaining rows conflict by their id or by their user: insert them under a new id unless the user has a quota.
  for (const { id, ...row } of rows) {
    if (users.has(row.userId)) continue
    added.push(...db.insert(challengeQuotas).values(row).onConflictDoNothing().returning(user).all())
  }
  return added.length
}

/** Maps each key to the id of the row that was imported under it. */
function findIds(db: BunSQLiteDatabase, table: typeof questions | typeof assignments, keys: string[]) {
  const found = db
    .select({ id: table.id, key: table.importKey })
    .from(table)
    .where(inArray(table.importKey, keys))
    .all()
  return new Map(found.map(({ id, key }) => [key, id]))
}
