import { type TSchema, Type } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import type { DamagedRow } from '../failure.ts'
import { lazy } from '../lazy.ts'
import { difficulties, sources } from '../question.ts'

// A row can be damaged by hand, by another program or by the disk. A damaged row is left out, so that it does not spoil
// the list that it is in.

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const oneOf = <T extends string>(values: readonly T[]) =>
  Type.Union(values.map((value) => Type.Literal(value)))
/** Epoch milliseconds within the range of `Date`. */
const time = Type.Integer({ minimum: -8.64e15, maximum: 8.64e15 })
const optionId = Type.Integer({ minimum: 0, maximum: 3 })
const four = <T extends TSchema>(schema: T) => Type.Array(schema, { minItems: 4, maxItems: 4 })

const asked = {
  topic: nullable(Type.String()),
  title: Type.String({ minLength: 1 }),
  options: four(Type.String()),
  correctAnswerId: optionId,
}
const question = {
  ...asked,
  difficulty: oneOf(difficulties),
  explanation: Type.String(),
  optionNotes: nullable(four(nullable(Type.String()))),
  source: oneOf(sources),
  state: oneOf(['ready', 'circulating', 'suspected', 'retired']),
}

/** Compiling takes longer than opening a database: a check is compiled when it is first needed. */
const compile = (schema: TSchema) => () => TypeCompiler.Compile(schema)

const checks = lazy({
  asked: compile(Type.Object(asked)),
  question: compile(Type.Object(question)),
  challenge: compile(
    Type.Object({
      ...question,
      createdBy: Type.String(),
      dateCreated: time,
      charged: Type.Boolean(),
      answerId: nullable(optionId),
      answeredAt: nullable(time),
    }),
  ),
  answer: compile(
    Type.Object({
      answeredAt: time,
      difficulty: oneOf(difficulties),
      topic: nullable(Type.String()),
      correct: Type.Boolean(),
    }),
  ),
  /** A row of `assignments` and of `challenge_quotas`, as an import reads them. */
  assignment: compile(
    Type.Object({
      questionId: Type.Integer(),
      createdBy: Type.String({ minLength: 1 }),
      dateCreated: time,
      answerId: nullable(optionId),
      answeredAt: nullable(time),
    }),
  ),
  quota: compile(
    Type.Object({
      userId: Type.String({ minLength: 1 }),
      remaining: Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1 }),
      limit: Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1 }),
      lastReset: time,
    }),
  ),
})

export type ReportDamage = (row: DamagedRow) => void

export type Soundness = ReturnType<typeof createSoundness>

/** Checks of rows. Each one reports a damaged row and returns `false`. */
export function createSoundness(report: ReportDamage) {
  const createCheck =
    (kind: keyof typeof checks, table: DamagedRow['table']) =>
    (row: { id: number }): boolean => {
      const { id } = row
      if (checks[kind].Check(row)) return true
      report({ table, id })
      return false
    }
  return {
    isQuestion: createCheck('question', 'questions'),
    isAsked: createCheck('asked', 'questions'),
    isChallenge: createCheck('challenge', 'challenges'),
    isAnswer: createCheck('answer', 'assignments'),
  }
}

/** Names the first damaged value of an imported row; `undefined` if the row is sound. */
export function findDamage(kind: 'question' | 'assignment' | 'quota', row: unknown): string | undefined {
  return checks[kind].Errors(row).First()?.path.split('/')[1]
}

/** Parses a JSON column; `undefined` if it is not JSON. */
export function parseColumn(text: unknown): unknown {
  try {
    return JSON.parse(String(text))
  } catch {
    return undefined
  }
}

/** Reads rows until `limit` of them are sound, or no rows follow. So a page is short only at the end of the list. */
export async function readSound<Row, Request extends { after?: unknown; limit: number }>(
  request: Request,
  read: (request: Request) => Promise<Row[]>,
  isSound: (row: Row) => boolean,
): Promise<Row[]> {
  const found: Row[] = []
  for (let { after } = request; ; ) {
    const limit = request.limit - found.length
    const rows = await read({ ...request, after, limit })
    found.push(...rows.filter(isSound))
    if (rows.length < limit || found.length === request.limit) return found
    after = rows.at(-1)
  }
}
