import type { ImportCounts, ImportedRows } from '../store/imported.ts'
import type { Store } from '../store/store.ts'
import type { Progress } from './progress.ts'

/** The number of rows in one transaction. */
const batchSize = 500

const labels = { questions: 'Questions', assignments: 'Challenges', quotas: 'Quotas' }
const kinds = Object.keys(labels) as (keyof ImportedRows)[]

/** Imports rows in batches, and prints how many were new. */
export async function importAll(store: Store, rows: ImportedRows, progress: Progress) {
  const added: ImportCounts = { questions: 0, assignments: 0, quotas: 0 }
  const batches = [...toBatches(rows)]
  for (const [place, batch] of batches.entries()) {
    progress.show(`Writing: ${Math.floor((100 * place) / batches.length)} %`)
    const counts = await store.importRows(batch)
    for (const kind of kinds) added[kind] += counts[kind]
  }
  for (const kind of kinds) {
    const { length } = rows[kind]
    progress.print(
      `${labels[kind]}: ${length} read, ${added[kind]} new, ${length - added[kind]} here already.\n`,
    )
  }
}

/**
 * Prints the rows that were left out.
 * @throws Error with one sentence if there are any
 */
export function reportRefused(refused: string[], progress: Progress) {
  for (const row of refused) progress.print(`Not imported: ${row}.\n`)
  if (refused.length > 0) throw new Error(`${refused.length} rows were not imported; all others were.`)
}

/** Yields assignments with their questions, then the questions without an assignment, then the quotas. */
function* toBatches({ questions, assignments, quotas }: ImportedRows): Generator<ImportedRows> {
  const none = { questions: [], assignments: [], quotas: [] }
  const byKey = new Map(questions.map((question) => [question.key, question]))
  const unassigned = new Set(byKey.keys())
  for (const batch of slice(assignments)) {
    const keys = [...new Set(batch.map(({ questionKey }) => questionKey))]
    for (const key of keys) unassigned.delete(key)
    yield { ...none, questions: keys.flatMap((key) => byKey.get(key) ?? []), assignments: batch }
  }
  for (const batch of slice(questions.filter(({ key }) => unassigned.has(key))))
    yield { ...none, questions: batch }
  for (const batch of slice(quotas)) yield { ...none, quotas: batch }
}

function* slice<T>(rows: T[]): Generator<T[]> {
  for (let start = 0; start < rows.length; start += batchSize) yield rows.slice(start, start + batchSize)
}
