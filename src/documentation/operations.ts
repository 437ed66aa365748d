import type { ProblemCode } from '../problem.ts'
import { problemKinds } from '../problem-kinds.ts'
import { toExample } from './guide.ts'
import type { Header, Operation, Response, Schema } from './openapi.ts'

const text = { type: 'string' }

/** The headers of answers, for the `components` of the document. */
export const headers = {
  RequestId: { description: 'Names the request in the log.', schema: text, example: 'f3b1c7a2' },
  RateLimitPolicy: { description: 'The daily credits.', schema: text, example: '"daily";q=10;w=86400' },
  RateLimit: {
    description: 'The credits left, and the seconds until they are set anew.',
    schema: text,
    example: '"daily";r=9;t=86399',
  },
  RetryAfter: { description: 'Seconds to wait.', schema: { type: 'integer', minimum: 1 }, example: 30 },
  WwwAuthenticate: {
    description: 'How to sign in.',
    schema: { type: 'string', const: 'Bearer' },
    example: 'Bearer',
  },
} satisfies Record<string, Header>

const refer = (name: keyof typeof headers) => ({ $ref: `#/components/headers/${name}` })

/** Adds what every operation needs: `security`, headers, and the examples and descriptions of its problems. */
export function completeOperation(operation: Operation) {
  operation.security ??= []
  for (const parameter of operation.parameters ?? []) {
    hoistExample(parameter)
    const { description } = parameter.schema
    if (description) parameter.description ??= description
  }
  for (const content of Object.values(operation.requestBody?.content ?? {})) hoistExample(content)
  for (const [status, response] of Object.entries(operation.responses)) {
    for (const content of Object.values(response.content ?? {})) hoistExample(content)
    if (Number(status) >= 400) describeProblem(response, operation)
    response.headers = { ...toHeaders(operation, Number(status)), 'x-request-id': refer('RequestId') }
  }
}

/** The headers that every answer of an operation with this status has. */
function toHeaders({ tags, responses, security = [] }: Operation, status: number) {
  // The answers that always have the headers of `rate-limit-headers.ts`.
  const showsQuota =
    status === 200 ? tags.includes('Quota') || '429' in responses : [422, 429].includes(status)
  return {
    ...(showsQuota && { 'RateLimit-Policy': refer('RateLimitPolicy'), RateLimit: refer('RateLimit') }),
    ...(status === 401 && security.length > 0 && { 'WWW-Authenticate': refer('WwwAuthenticate') }),
    ...((status === 429 || status === 503) && { 'Retry-After': refer('RetryAfter') }),
  }
}

/** Moves the first example of a schema to the place where tools look for it. */
function hoistExample(shown: { schema: Schema; example?: unknown }) {
  const { examples, ...schema } = shown.schema
  if (!examples) return
  shown.schema = schema
  shown.example ??= examples[0]
}

/** Completes an error answer: its content type, and a description and an example of each code that it may have. */
function describeProblem(response: Response, operation: Operation) {
  const [{ schema } = { schema: {} }] = Object.values(response.content ?? {})
  const codes = (schema.anyOf ?? [schema]).map(({ properties }) => properties?.code?.const as ProblemCode)
  const examples = codes.map((code) => [code, { value: toExample(code, operation) }])
  response.description = codes.map((code) => `\`${code}\`: ${problemKinds[code].when}`).join(' ')
  response.content = { 'application/problem+json': { schema, examples: Object.fromEntries(examples) } }
}
