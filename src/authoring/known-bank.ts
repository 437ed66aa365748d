import { toFingerprint } from '../fingerprint.ts'
import type { Topic } from '../topics.ts'
import type { BankEntry } from './bank.ts'
import type { KnownQuestion } from './likeness.ts'
import { toTitle } from './question.ts'

/**
 * The bank's questions by topic, with the fingerprints that the same questions by the model would have. The model must
 * not repeat them, whether or not they are stored.
 */
export function indexBank(entries: readonly BankEntry[]): Map<Topic, KnownQuestion[]> {
  const known = entries.map((entry) => ({ topic: entry.topic, question: toKnown(entry) }))
  return new Map(
    [...Map.groupBy(known, ({ topic }) => topic)].map(([topic, group]) => [
      topic,
      group.map(({ question }) => question),
    ]),
  )
}

function toKnown(entry: BankEntry): KnownQuestion {
  const code = entry.code ?? null
  return {
    title: toTitle(entry.question, code, entry.language ?? ''),
    options: [entry.answer, ...entry.distractors.map(({ text }) => text)],
    correctAnswerId: 0,
    fingerprint: toFingerprint(entry.question, code),
  }
}
