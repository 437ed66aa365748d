import { toOpenAPISchema } from '@elysiajs/openapi/openapi'
import type { AnyElysia } from 'elysia'
import { version } from '../../package.json'
import { guide } from './guide.ts'
import type { Document, Operation, Parameter, Response, Schema } from './openapi.ts'

const frame: Omit<Document, 'paths'> = {
  openapi: '3.1.1',
  info: {
    title: 'AI coding challenges',
    version,
    summary: 'Multiple-choice coding challenges for signed-in users, within a daily quota.',
    description:
      'Bodies are JSON, times are ISO 8601 in UTC. Every error is a problem (RFC 9457), sent as ' +
      '`application/problem+json`: `detail` is a sentence for a person, `code` a word for a program. Every answer ' +
      'bears `x-request-id`, which is that of the request if it has a well-formed one. Fields that are not listed ' +
      'here may be added to answers; in requests they are ignored.',
    license: { name: 'MIT', identifier: 'MIT' },
  },
  tags: [
    { name: 'Challenges', description: 'A challenge costs one credit of the user’s quota.' },
    { name: 'Quota', description: 'The credits of a user, set again when 24 hours have passed.' },
    { name: 'Webhooks', description: 'What Clerk tells the server.' },
    { name: 'Operation', description: 'For those who run the server; to be kept from the public.' },
  ],
  components: {
    securitySchemes: {
      session: {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description:
          'A Clerk session token of a front end that the server knows (`ALLOWED_ORIGINS`). Cookies are not read. In ' +
          'development, `bun run token` prints one.',
      },
    },
  },
}

/** The application as an OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.1.html), made from its routes. */
export function toDocument(app: AnyElysia): Document {
  const paths = toOpenAPISchema(app).paths as unknown as Document['paths']
  for (const { path, method, hooks } of app.routes) {
    const { requestBody } = paths[path]?.[method.toLowerCase()] ?? {}
    // What a parser of our own takes, only we know.
    if (requestBody && hooks.body) requestBody.content = { 'application/json': { schema: hooks.body } }
  }
  // As JSON, it holds nothing of the schemas that validate.
  const plain = JSON.parse(JSON.stringify(paths), asDocumented) as Document['paths']
  for (const operations of Object.values(plain)) {
    for (const operation of Object.values(operations)) complete(operation)
  }
  return { ...frame, paths: plain }
}

/** A schema may say what it stands for where that is not what is checked, such as a number in a query. */
function asDocumented(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const { documentedAs, type, pattern, ...rest } = value as Schema & { documentedAs?: Schema }
  if (documentedAs) return { ...rest, ...documentedAs }
  // A list of words is checked by a pattern, which says nothing new.
  return rest.enum && pattern ? { ...rest, type } : value
}

function complete(operation: Operation) {
  operation.parameters?.forEach(completeParameter)
  for (const content of Object.values(operation.requestBody?.content ?? {})) exemplify(content)
  for (const [status, response] of Object.entries(operation.responses)) {
    for (const content of Object.values(response.content ?? {})) exemplify(content)
    if (Number(status) >= 400) describeProblem(response, Number(status), operation.security !== undefined)
    response.headers = {
      ...response.headers,
      'x-request-id': { description: 'Names the request in the log.', schema: { type: 'string' } },
    }
  }
}

function completeParameter(parameter: Parameter) {
  exemplify(parameter)
  const { description } = parameter.schema
  if (description) parameter.description ??= description
}

/** What a schema has as its example is shown where tools look for it. */
function exemplify(shown: { schema: Schema; example?: unknown }) {
  const { examples, ...schema } = shown.schema
  if (!examples) return
  shown.schema = schema
  shown.example ??= examples[0]
}

/** An error answer: its type of content, the codes it may bear, and the headers that come with them. */
function describeProblem(response: Response, status: number, needsSession: boolean) {
  const other = needsSession ? 'invalid_signature' : 'unauthenticated'
  const problems = guide.filter((problem) => problem.status === status && problem.code !== other)
  response.description = problems.map(({ code, when }) => `\`${code}\`: ${when}`).join(' ')
  const examples = Object.fromEntries(problems.map(({ code, example }) => [code, { value: example }]))
  const [content] = Object.values(response.content ?? {})
  if (content) response.content = { 'application/problem+json': { ...content, examples } }
  response.headers = {
    ...(status === 401 &&
      needsSession && {
        'WWW-Authenticate': { description: 'How to sign in.', schema: { type: 'string', const: 'Bearer' } },
      }),
    ...((status === 429 || status === 503) && {
      'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer', minimum: 1 } },
    }),
  }
}
