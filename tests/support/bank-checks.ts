/**
 * The programs that prove the keys of the embedded bank.
 *
 * An entry with `prints: true` is a whole program, and prints its answer. Other entries are proven by a check in
 * tests/authoring/bank/<topic>.yaml: a list of `{ id, program, … }`. The program is in the language of the entry's
 * code, or in that of the topic. In `program` and `prints`, `{{code}}` stands for the code of the entry and
 * `{{answer}}` for its answer. With `{{option}}` in the program, the check runs once for each option, and must hold
 * for the answer and for no distractor. A check says one of:
 *
 * - `prints`: the program exits with 0, and prints this text.
 * - `fails`: the compiler or the program fails, and its messages contain this text.
 * - `compiles: true`: the compiler accepts the program, which is not run; for TypeScript only.
 *
 * A SQL program runs in SQLite, or in PostgreSQL with `engine: postgres` (see bank-sql.ts). Bash runs in an empty
 * folder, in which Git has an identity and no other settings.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Static, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import type { BankEntry } from '../../src/authoring/bank.ts'
import { topics } from '../../src/topics.ts'

const Check = Type.Object(
  {
    id: Type.String(),
    program: Type.Optional(Type.String()),
    prints: Type.Optional(Type.String()),
    fails: Type.Optional(Type.String()),
    compiles: Type.Optional(Type.Literal(true)),
    engine: Type.Optional(Type.Literal('postgres')),
  },
  { additionalProperties: false },
)

/** What must come of a program. */
export type Expected = Pick<Static<typeof Check>, 'prints' | 'fails' | 'compiles'>

/** A program that proves a key, or that must not prove a distractor. */
export type Program = { id: string; tool: string; source: string; expected: Expected; holds: boolean }

const folder = join(import.meta.dir, '../authoring/bank')

/** The checks of all topics. @throws Error if one is malformed */
const checks = readdirSync(folder).flatMap((name) => {
  const found = Value.Parse(Type.Array(Check), Bun.YAML.parse(readFileSync(join(folder, name), 'utf8')))
  return found.map((check) => ({ ...check, topic: name.replace('.yaml', '') }))
})

/** The language in which the program of an entry is written. */
const languageOf = ({ language, topic }: BankEntry) => language ?? topics[topic].languages[0]

/** The checks that belong to no entry, or that do not say one thing. */
export function strayChecks(bank: readonly BankEntry[]) {
  return checks.filter(({ id, topic, prints, fails, compiles }) => {
    const said = [prints, fails, compiles].filter((part) => part !== undefined)
    return said.length !== 1 || !bank.some((entry) => entry.id === id && entry.topic === topic)
  })
}

/** All programs of the entries. An entry without any is not proven. */
export function programsOf(bank: readonly BankEntry[]): Program[] {
  return bank.flatMap((entry) => {
    const own = checks.filter(({ id }) => id === entry.id)
    const printing = entry.prints ? [{ program: '{{code}}', prints: '{{answer}}' }] : []
    return [...printing, ...own].flatMap((check) => toPrograms(entry, check))
  })
}

function toPrograms(entry: BankEntry, check: Omit<Static<typeof Check>, 'id'>): Program[] {
  const { program = '{{code}}', engine, prints, fails, compiles } = check
  const language = languageOf(entry)
  const tool = engine ?? (language === 'typescript' && prints === undefined ? 'tsc' : language)
  const options = program.includes('{{option}}')
    ? [entry.answer, ...entry.distractors.map(({ text }) => text)]
    : [entry.answer]
  return options.map((option, at) => {
    const fill = (text: string) =>
      text
        .replaceAll('{{code}}', () => entry.code?.trimEnd() ?? '')
        .replaceAll('{{answer}}', () => entry.answer)
        .replaceAll('{{option}}', () => option)
    const expected = {
      ...(prints !== undefined && { prints: fill(prints).trimEnd() }),
      ...(fails !== undefined && { fails: fill(fails) }),
      ...(compiles && { compiles }),
    }
    return { id: entry.id, tool, source: fill(program), expected, holds: at === 0 }
  })
}
