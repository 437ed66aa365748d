import { inArray, sql } from 'drizzle-orm'
import type { BunSQLDatabase } from 'drizzle-orm/bun-sql'
import type { Quota } from '../../quota.ts'
import { selectFresh, toAssignmentRow, toQuestionRow, toQuotaRow } from '../import-rows.ts'
import type { ImportCounts, ImportedAssignment, ImportedQuestion, ImportedRows } from '../imported.ts'
import { challengeQuotas } from './quota-schema.ts'
import { assignments, questions } from './schema.ts'

type Transaction = Pick<BunSQLDatabase, 'select' | 'insert' | 'execute'>

/** Imports rows of another database. The caller opens the transaction. */
export async function importRows(db: Transaction, rows: ImportedRows): Promise<ImportCounts> {
  const known = await findIds(
    db,
    assignments,
    rows.assignments.map(({ key }) => key),
  )
  const fresh = selectFresh(rows, known)
  return {
    questions: await importQuestions(db, fresh.questions),
    assignments: await importAssignments(db, fresh.assignments, rows.questions),
    quotas: await importQuotas(db, rows.quotas),
  }
}

async function importQuestions(db: Transaction, imported: ImportedQuestion[]): Promise<number> {
  const known = await findIds(
    db,
    questions,
    imported.map(({ key }) => key),
  )
  const rows = imported.filter(({ key }) => !known.has(key)).map(toQuestionRow)
  if (rows.length === 0) return 0
  const key = { importKey: questions.importKey }
  await reserveIds(db, 'questions', rows)
  const added = await db.insert(questions).values(rows).onConflictDoNothing().returning(key)
  const keys = new Set(added.map(({ importKey }) => importKey))
  // The remaining rows conflict with existing ones by their id or their fingerprint.
  for (const { id, ...row } of rows) {
    if (keys.has(row.importKey)) continue
    const inserted = await db.insert(questions).values(row).onConflictDoNothing().returning(key)
    if (inserted.length === 0) await db.insert(questions).values({ ...row, fingerprint: null })
  }
  return rows.length
}

async function importAssignments(
  db: Transaction,
  fresh: ImportedAssignment[],
  imported: ImportedQuestion[],
): Promise<number> {
  if (fresh.length === 0) return 0
  const questionIds = await findIds(
    db,
    questions,
    fresh.map(({ questionKey }) => questionKey),
  )
  const byKey = new Map(imported.map((question) => [question.key, question]))
  const rows = fresh.map((assignment) => toAssignmentRow(assignment, questionIds, byKey))
  const key = { importKey: assignments.importKey }
  await reserveIds(db, 'assignments', rows)
  const added = await db.insert(assignments).values(rows).onConflictDoNothing().returning(key)
  const keys = new Set(added.map(({ importKey }) => importKey))
  // The remaining rows conflict with existing ones by their id or their idempotency key.
  for (const { id, ...row } of rows) {
    if (keys.has(row.importKey)) continue
    const inserted = await db.insert(assignments).values(row).onConflictDoNothing().returning(key)
    if (inserted.length === 0) await db.insert(assignments).values({ ...row, idempotencyKey: null })
  }
  return rows.length
}

async function importQuotas(db: Transaction, quotas: Quota[]): Promise<number> {
  if (quotas.length === 0) return 0
  const rows = quotas.map(toQuotaRow)
  const user = { userId: challengeQuotas.userId }
  await reserveIds(db, 'challenge_quotas', rows)
  const added = await db.insert(challengeQuotas).values(rows).onConflictDoNothing().returning(user)
  const users = new Set(added.map(({ userId }) => userId))
  // The remaining rows conflict by their id or by their user: insert them under a new id unless the user has a quota.
  for (const { id, ...row } of rows) {
    if (users.has(row.userId)) continue
    added.push(...(await db.insert(challengeQuotas).values(row).onConflictDoNothing().returning(user)))
  }
  return added.length
}

/** Maps each key to the id of the row that was imported under it. */
async function findIds(db: Transaction, table: typeof questions | typeof assignments, keys: string[]) {
  const found = await db
    .select({ id: table.id, key: table.importKey })
    .from(table)
    .where(inArray(table.importKey, keys))
  return new Map(found.map(({ id, key }) => [key, id]))
}

/**
 * Advances the sequence of a table past the ids of `rows`, before the rows are inserted: otherwise a server that runs
 * meanwhile could take one of the ids. The sequence never goes back.
 */
function reserveIds(
  db: Transaction,
  table: 'questions' | 'assignments' | 'challenge_quotas',
  rows: { id: number }[],
) {
  const last = sql`${Math.max(...rows.map(({ id }) => id))}::bigint`
  const sequence = sql`pg_get_serial_sequence(${table}, 'id')`
  return db.execute(sql`select setval(${sequence}, ${last}) where nextval(${sequence}) < ${last}`)
}
