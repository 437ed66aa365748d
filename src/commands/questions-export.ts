import type { StoredQuestion } from '../store/catalogue.ts'
import type { Store } from '../store/store.ts'
import { createProgress } from './progress.ts'
import { createGiftWriter } from './questions-gift.ts'
import { writeOut } from './questions-output.ts'

/** The number of questions that are in memory at once. */
const pageSize = 500

const writers = {
  gift: createGiftWriter,
  jsonl: () => (question: StoredQuestion) => `${JSON.stringify(toJson(question))}\n`,
}

export function isExportFormat(format: string | undefined): format is keyof typeof writers {
  return format !== undefined && Object.hasOwn(writers, format)
}

/** Writes the library to standard output, in the order of ids. */
export async function exportLibrary(store: Pick<Store, 'listLibrary'>, format: keyof typeof writers) {
  const toText = writers[format]()
  using progress = createProgress()
  let written = 0
  for (let after = 0; ; ) {
    const page = await store.listLibrary({ after, limit: pageSize })
    if (page.length > 0) await writeOut(page.map(toText).join(''))
    after = page.at(-1)?.id ?? 0
    written += page.length
    // On a terminal the questions themselves show it.
    if (!process.stdout.isTTY) progress.show(`${written} questions written`)
    if (page.length < pageSize) break
  }
}

/** A question with the names of the API. */
export function toJson(question: StoredQuestion) {
  const { id, difficulty, topic, language, title, options, explanation, source, dateCreated } = question
  return {
    ...{ id, difficulty, topic, language, title, options },
    correct_answer_id: question.correctAnswerId,
    explanation,
    option_notes: question.optionNotes,
    source,
    date_created: new Date(dateCreated).toISOString(),
  }
}
