import { type Static, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { type Difficulty, difficulties, type Question } from '../question.ts'
import complexity from './bank/complexity.yaml'
import dataStructures from './bank/data-structures.yaml'
import git from './bank/git.yaml'
import http from './bank/http.yaml'
import javascript from './bank/javascript.yaml'
import python from './bank/python.yaml'
import sql from './bank/sql.yaml'
import { toTitle } from './question.ts'
import { shuffle } from './shuffle.ts'

const Entry = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9-]+$' }),
    difficulty: Type.Union(difficulties.map((difficulty) => Type.Literal(difficulty))),
    question: Type.String(),
    code: Type.Optional(Type.String()),
    language: Type.Optional(Type.String()),
    /** The code is JavaScript or TypeScript and its output is the answer; a test runs it. */
    prints: Type.Optional(Type.Literal(true)),
    answer: Type.String(),
    distractors: Type.Array(Type.String(), { minItems: 3, maxItems: 3 }),
    explanation: Type.String(),
  },
  { additionalProperties: false },
)

export type BankEntry = Static<typeof Entry> & { topic: string }

const files = { complexity, 'data-structures': dataStructures, git, http, javascript, python, sql }

/** The embedded bank. @throws Error at import if an entry is malformed */
export const bank: readonly BankEntry[] = Object.entries(files).flatMap(([topic, entries]) =>
  Value.Parse(Type.Array(Entry), entries).map((entry) => ({ ...entry, topic })),
)

/** The bank's questions by difficulty. Each call shuffles their options. */
export function createBank(): Record<Difficulty, Question[]> {
  const questions = bank.map(toQuestion)
  return {
    easy: questions.filter(({ difficulty }) => difficulty === 'easy'),
    medium: questions.filter(({ difficulty }) => difficulty === 'medium'),
    hard: questions.filter(({ difficulty }) => difficulty === 'hard'),
  }
}

function toQuestion(entry: BankEntry): Question {
  const {
    id,
    difficulty,
    topic,
    question,
    code = null,
    language = null,
    answer,
    distractors,
    explanation,
  } = entry
  const options = shuffle([answer, ...distractors])
  const content = JSON.stringify(Object.entries(entry).toSorted())
  return {
    difficulty,
    topic,
    title: toTitle(question, code, language ?? undefined),
    language: code === null ? null : language,
    options,
    correctAnswerId: options.indexOf(answer),
    explanation,
    optionNotes: null,
    source: 'bank',
    // Hashes the whole content: a corrected entry becomes a new question, and histories keep the old one.
    fingerprint: `bank ${new Bun.CryptoHasher('sha256').update(content).digest('hex')}`,
    bankId: id,
  }
}
