import { type Static, type TSchema, type TUnsafe, Type } from '@sinclair/typebox'
import type { ProblemCode } from '../problem.ts'
import { problemKinds } from '../problem-kinds.ts'
import { timestamp } from './schema.ts'

const ProblemSchema = Type.Object(
  {
    type: Type.String({ description: 'Where the code is explained.' }),
    title: Type.String({ description: 'The kind of the problem, for a person.' }),
    status: Type.Integer({ description: 'The HTTP status, repeated.' }),
    detail: Type.String({ description: 'What is wrong and how to fix it, for a person.' }),
  },
  {
    named: 'Problem',
    description:
      'Problem details (RFC 9457), sent as application/problem+json. Each kind of problem has a `code`, which never changes.',
  },
)

/** The members that problems of one code have in addition. */
const members = {
  already_answered: {
    answer_id: Type.Integer({ minimum: 0, maximum: 3, description: 'The answer that counts.' }),
  },
  quota_exhausted: { next_reset_date: timestamp('When new credits come.') },
} satisfies { [Code in ProblemCode]?: Record<string, TSchema> }

type Members = typeof members

type ProblemOf<Code extends ProblemCode> = Code extends ProblemCode
  ? Static<typeof ProblemSchema> & { code: Code } & (Code extends keyof Members
        ? { [Member in keyof Members[Code]]: Static<Members[Code][Member] & TSchema> }
        : unknown)
  : never

/** Problem details with one code. */
function toSchema(code: ProblemCode): TSchema {
  const own: Record<string, TSchema> = {
    code: Type.Literal(code, { description: 'The kind of the problem, for a program.' }),
    ...(members as Record<string, Record<string, TSchema>>)[code],
  }
  const required = Object.keys(own)
  return Type.Object(
    { ...ProblemSchema.properties, ...own },
    {
      named: toName([code]),
      documentedAs: {
        description: problemKinds[code].when,
        allOf: [ProblemSchema, { type: 'object', properties: own, required }],
      },
    },
  )
}

/** `QuotaExhaustedProblem` for `quota_exhausted`. */
const toName = (codes: ProblemCode[]) => `${codes.map(toPascalCase).join('Or')}Problem`

const toPascalCase = (words: string) =>
  words.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())

type StatusOf<Code extends ProblemCode> = (typeof problemKinds)[Code]['status']

type CodeOf<Status> = { [Code in ProblemCode]: StatusOf<Code> extends Status ? Code : never }[ProblemCode]

/** Problem details with one of several codes. */
function toUnion(codes: ProblemCode[]): TSchema {
  const schemas = codes.map(toSchema)
  const union = { named: toName(codes), documentedAs: { oneOf: schemas } }
  return Type.Union(schemas, codes.length > 1 ? union : {})
}

/** The error answers of a route with these codes, for its `response`. The documentation adds descriptions and examples. */
export function problemResponses<const Code extends ProblemCode>(...codes: Code[]) {
  const byStatus = Map.groupBy(codes, (code) => problemKinds[code].status)
  const responses = [...byStatus].map(([status, ofStatus]) => [status, toUnion(ofStatus)])
  return Object.fromEntries(responses) as {
    [Status in StatusOf<Code>]: TUnsafe<ProblemOf<Extract<Code, CodeOf<Status>>>>
  }
}
