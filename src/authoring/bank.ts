import { type Static, Type } from '@sinclair/typebox'
import { type Difficulty, difficulties, type Question } from '../question.ts'
import type { Topic } from '../topics.ts'
import { checkAsset } from './asset.ts'
import { toQuestion } from './question.ts'

/** A wrong option, with the reason why a learner would choose it and why it is wrong. */
const Distractor = Type.Object(
  { text: Type.String(), misconception: Type.String() },
  { additionalProperties: false },
)

const Entry = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9-]+$' }),
    difficulty: Type.Union(difficulties.map((difficulty) => Type.Literal(difficulty))),
    question: Type.String(),
    code: Type.Optional(Type.String()),
    language: Type.Optional(Type.String()),
    /** The code is a whole program, and its output is the answer; a test runs it. */
    prints: Type.Optional(Type.Literal(true)),
    answer: Type.String(),
    distractors: Type.Array(Distractor, { minItems: 3, maxItems: 3 }),
    explanation: Type.String(),
  },
  { additionalProperties: false },
)

export type BankEntry = Static<typeof Entry> & { topic: Topic }

/** The files of the topics. The first request that needs the bank loads them, so that the start does not wait. */
const files = {
  bash: () => import('./bank/bash.yaml'),
  complexity: () => import('./bank/complexity.yaml'),
  cpp: () => import('./bank/cpp.yaml'),
  css: () => import('./bank/css.yaml'),
  'data-structures': () => import('./bank/data-structures.yaml'),
  git: () => import('./bank/git.yaml'),
  go: () => import('./bank/go.yaml'),
  html: () => import('./bank/html.yaml'),
  http: () => import('./bank/http.yaml'),
  java: () => import('./bank/java.yaml'),
  javascript: () => import('./bank/javascript.yaml'),
  php: () => import('./bank/php.yaml'),
  python: () => import('./bank/python.yaml'),
  ruby: () => import('./bank/ruby.yaml'),
  rust: () => import('./bank/rust.yaml'),
  sql: () => import('./bank/sql.yaml'),
  typescript: () => import('./bank/typescript.yaml'),
} satisfies Partial<Record<Topic, () => Promise<{ default: unknown }>>>

const Entries = Type.Array(Entry)

/** The topics of the embedded bank. */
export const bankTopics = Object.keys(files) as Topic[]

/** Reads the embedded bank. @throws Error if an entry is malformed */
export async function readBank(): Promise<BankEntry[]> {
  const entries: BankEntry[] = []
  for (const [topic, load] of Object.entries(files)) {
    const { default: file }: { default: unknown } = await load()
    const listed = checkAsset(Entries, file, `bank/${topic}.yaml`)
    entries.push(...listed.map((entry) => ({ ...entry, topic: topic as Topic })))
  }
  return entries
}

/** The entries of the offered topics as questions by difficulty. Each call shuffles their options. */
export function createBank(
  entries: readonly BankEntry[],
  offered: readonly Topic[],
): Record<Difficulty, Question[]> {
  const questions = entries.filter(({ topic }) => offered.includes(topic)).map(toBankQuestion)
  return {
    easy: questions.filter(({ difficulty }) => difficulty === 'easy'),
    medium: questions.filter(({ difficulty }) => difficulty === 'medium'),
    hard: questions.filter(({ difficulty }) => difficulty === 'hard'),
  }
}

function toBankQuestion(entry: BankEntry): Question {
  const { id, difficulty, topic, language = null, code = null, prints = false, ...texts } = entry
  const content = JSON.stringify(Object.entries(entry).toSorted())
  // Hashes the whole content: a corrected entry becomes a new question, and histories keep the old one.
  const fingerprint = `bank ${new Bun.CryptoHasher('sha256').update(content).digest('hex')}`
  const question = toQuestion({ ...texts, code, prints }, { difficulty, topic, language, fingerprint })
  return { ...question, source: 'bank', bankId: id }
}
