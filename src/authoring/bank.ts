import { type Static, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { type Difficulty, difficulties, type Question } from '../question.ts'
import type { Topic } from '../topics.ts'
import bash from './bank/bash.yaml'
import complexity from './bank/complexity.yaml'
import cpp from './bank/cpp.yaml'
import css from './bank/css.yaml'
import dataStructures from './bank/data-structures.yaml'
import git from './bank/git.yaml'
import go from './bank/go.yaml'
import html from './bank/html.yaml'
import http from './bank/http.yaml'
import java from './bank/java.yaml'
import javascript from './bank/javascript.yaml'
import php from './bank/php.yaml'
import python from './bank/python.yaml'
import ruby from './bank/ruby.yaml'
import rust from './bank/rust.yaml'
import sql from './bank/sql.yaml'
import typescript from './bank/typescript.yaml'
import { toQuestion } from './question.ts'

/** A wrong option, and why one would choose it and why it is wrong. */
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

const files = {
  bash,
  complexity,
  cpp,
  css,
  'data-structures': dataStructures,
  git,
  go,
  html,
  http,
  java,
  javascript,
  php,
  python,
  ruby,
  rust,
  sql,
  typescript,
} satisfies Partial<Record<Topic, unknown>>

/** The embedded bank. @throws Error at import if an entry is malformed */
export const bank: readonly BankEntry[] = Object.entries(files).flatMap(([topic, entries]) =>
  Value.Parse(Type.Array(Entry), entries).map((entry) => ({ ...entry, topic: topic as Topic })),
)

/** The bank's questions of the offered topics by difficulty. Each call shuffles their options. */
export function createBank(offered: readonly Topic[]): Record<Difficulty, Question[]> {
  const questions = bank.filter(({ topic }) => offered.includes(topic)).map(toBankQuestion)
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
