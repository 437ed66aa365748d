import type { Store } from '../store/store.ts'
import { createCommand } from './command.ts'
import { exportLibrary, isExportFormat } from './questions-export.ts'
import { listQuestions } from './questions-list.ts'
import { useExistingStore } from './store.ts'

type Options = { json?: boolean | undefined; format?: string | undefined }

/** `questions [keep|retire|export] [id]` */
export const questions = createCommand({
  synopsis: 'bun run questions [keep <id> | retire <id> | export --format=gift|jsonl] [--json]',
  summary: 'Lists questions that learners or statistics suspect; keeps, retires, exports.',
  details: `Without a word: the suspected and the retired questions, those that learners reported, and the worst by their answers.
May be used while servers run.

keep <id>    the question circulates, and is never suspected again
retire <id>  the question is never handed over again
export       writes the library to standard output

--format     of an export: gift for Moodle and other learning platforms, jsonl for programs
--json       of a list: a line of JSON for each question, with every text and comment`,
  options: { json: { type: 'boolean' }, format: { type: 'string' } },
  words: [0, 2],
  run: (config, words, options) => useExistingStore(config, toWork(words, options)),
})

/** @throws Error with one sentence when the words do not fit together */
function toWork(words: string[], { json = false, format }: Options): (store: Store) => Promise<void> {
  const [verb, word] = words
  if (verb !== undefined && verb !== 'keep' && verb !== 'retire' && verb !== 'export')
    throw new Error(`Unknown word ${verb}: use keep <id>, retire <id> or export.`)
  if (format !== undefined && verb !== 'export') throw new Error('Only an export has a --format.')
  if (json && verb !== undefined) throw new Error('Only a list has --json.')
  if (verb === undefined) return (store) => listQuestions(store, json)
  if (verb === 'export') {
    if (word !== undefined) throw new Error(`An export takes no further word, not ${word}.`)
    if (!isExportFormat(format)) throw new Error('An export needs --format=gift or --format=jsonl.')
    return (store) => exportLibrary(store, format)
  }
  if (word === undefined) throw new Error(`Name the question: ${verb} <id>.`)
  const id = /^[1-9]\d{0,15}$/.test(word) ? Number(word) : Number.NaN
  if (!Number.isSafeInteger(id)) throw new Error('The id of a question is a positive whole number.')
  return (store) => decide(store, id, verb)
}

async function decide(store: Store, id: number, verb: 'keep' | 'retire') {
  // The constraints of the tables refuse a damaged question in any state but `retired`.
  if (verb === 'keep' && !(await store.findQuestion(id)))
    throw new Error(`There is no question with the id ${id}, or it is damaged.`)
  if (!(await store.decide(id, verb))) throw new Error(`There is no question with the id ${id}.`)
  const outcome =
    verb === 'keep' ? 'kept: it is never suspected again' : 'retired: it is never handed over again'
  process.stdout.write(`Question ${id} is ${outcome}.\n`)
}
