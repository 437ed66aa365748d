import type { Progress } from '../commands/progress.ts'
import type { ImportCounts, ImportedRows } from '../store/imported.ts'
import type { Store } from '../store/store.ts'

/** The number of rows in one transaction. */
const batchSize = 500

const labels = { questions: 'Questions', assignments: 'Challenges', quotas: 'Quotas' }
const kinds = Object.keys(labels) as (keyof ImportedRows)[]

/**
 * Imports rows in batches and prints how many were new. Then imports them again to check that no row is missing.
 * @throws Error with one sentence if a row was missing
 */
export async function importAll(store: Store, rows: ImportedRows, progress: Progress) {
  const batches = [...toBatches(rows)]
  const added = await importBatches(store, batches, (share) => progress.show(`Writing: ${share}`))
  for (const kind of kinds) {
    const { length } = rows[kind]
    progress.print(
      `${labels[kind]}: ${length} read, ${added[kind]} new, ${length - added[kind]} here already.\n`,
    )
  }
  const missing = await importBatches(store, batches, (share) => progress.show(`Checking: ${share}`))
  if (kinds.some((kind) => missing[kind] > 0)) {
    throw new Error(
      'Some rows disappeared during the import and were written again: another program deletes them. Run the command again.',
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

async function importBatches(store: Store, batches: ImportedRows[], showShare: (share: string) => void) {
  const added: ImportCounts = { questions: 0, assignments: 0, quotas: 0 }
  for (const [place, batch] of batches.entries()) {
    showShare(`${Math.floor((100 * place) / batches.length)} %`)
    const counts = await store.importRows(batch)
    for (const kind of kinds) added[kind] += counts[kind]
  }
  return added
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
