import { toFingerprint } from '../fingerprint.ts'
import type { Topic } from '../topics.ts'
import type { BankEntry } from './bank.ts'
import { toTitle } from './question.ts'
import type { KnownQuestion } from './sketch.ts'

/** The bank's questions, which the model must not repeat, whether or not they are stored. */
export type KnownBank = {
  byTopic: ReadonlyMap<Topic, KnownQuestion[]>
  /** The fingerprints that the same questions by the model would have. */
  fingerprints: ReadonlySet<string>
}

export function indexBank(entries: readonly BankEntry[]): KnownBank {
  const groups = [...Map.groupBy(entries, ({ topic }) => topic)]
  return {
    byTopic: new Map(groups.map(([topic, group]) => [topic, group.map(toKnown)])),
    fingerprints: new Set(entries.map(({ question, code }) => toFingerprint(question, code ?? null))),
  }
}

function toKnown({ question, code, language, answer, distractors }: BankEntry): KnownQuestion {
  return {
    title: toTitle(question, code ?? null, language ?? ''),
    options: [answer, ...distractors.map(({ text }) => text)],
    correctAnswerId: 0,
  }
}
