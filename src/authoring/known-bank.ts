import { toFingerprint } from '../fingerprint.ts'
import type { Topic } from '../topics.ts'
import type { BankEntry } from './bank.ts'
import { createKnownIndex, type KnownIndex } from './known-index.ts'
import { toTitle } from './question.ts'
import type { KnownQuestion } from './sketch.ts'

/** The bank's questions, which the model must not repeat, whether or not they are stored. */
export type KnownBank = {
  /** The index of a topic, to which the recent questions of the topic are added. */
  findIndex: (topic: Topic) => KnownIndex
  /** The fingerprints that the same questions by the model would have. */
  fingerprints: ReadonlySet<string>
}

export function indexBank(entries: readonly BankEntry[]): KnownBank {
  const indexes = new Map<Topic, KnownIndex>()
  const create = (topic: Topic) =>
    createKnownIndex(entries.filter((entry) => entry.topic === topic).map(toKnown))
  return {
    findIndex(topic) {
      const index = indexes.get(topic) ?? create(topic)
      indexes.set(topic, index)
      return index
    },
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
