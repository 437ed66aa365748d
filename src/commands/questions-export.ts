import { once } from 'node:events'
import type { Question } from '../question.ts'
import type { StoredQuestion } from '../store/catalogue.ts'
import type { Store } from '../store/store.ts'
import { createProgress } from './progress.ts'
import { createGiftWriter } from './questions-gift.ts'

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
    // On a terminal the questions themselves show the progress.
    if (!process.stdout.isTTY) progress.show(`${written} questions written`)
    if (page.length < pageSize) break
  }
}

/** Writes to standard output, and waits while its reader is slow: an export of any length needs little memory. */
export async function writeOut(text: string) {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain')
}

/** The content of a question with the names of the API. */
export function toContent({ correctAnswerId, optionNotes, ...question }: Omit<Question, 'fingerprint'>) {
  const { difficulty, topic, language, title, options, explanation } = question
  return {
    ...{ difficulty, topic, language, title, options },
    ...{ correct_answer_id: correctAnswerId, explanation, option_notes: optionNotes },
  }
}

export function toJson(question: StoredQuestion) {
  const { id, source, dateCreated } = question
  return { id, ...toContent(question), source, date_created: new Date(dateCreated).toISOString() }
}
