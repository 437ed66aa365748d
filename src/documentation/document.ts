import { toOpenAPISchema } from '@elysiajs/openapi/openapi'
import type { AnyElysia } from 'elysia'
import { version } from '../../package.json'
import { guide, toExample } from './guide.ts'
import type { Document, Operation, Parameter, Response, Schema } from './openapi.ts'

const text = { type: 'string' }

const baseDocument: Omit<Document, 'paths'> = {
  openapi: '3.1.1',
  info: {
    title: 'AI coding challenges',
    version,
    summary: 'Multiple-choice coding challenges for signed-in users, within a daily quota.',
    description:
      'Bodies are JSON, times are ISO 8601 in UTC. Every error is a problem (RFC 9457), sent as ' +
      '`application/problem+json`: `detail` is a sentence for a person, `code` a word for a program. Every answer ' +
      'has an `x-request-id`: the one of the request if it is well formed, else a new one. Answers may get fields ' +
      'that are not listed here; unknown fields of requests are ignored.',
    license: { name: 'MIT', identifier: 'MIT' },
  },
  tags: [
    { name: 'Challenges', description: 'A challenge costs one credit of the user’s quota.' },
    {
      name: 'Answers',
      description: 'Answers to challenges, reports of faulty ones, and the progress of a user.',
    },
    { name: 'Quota', description: 'The credits of a user, set anew every 24 hours.' },
    { name: 'Webhooks', description: 'Events that Clerk sends to the server.' },
    {
      name: 'Operation',
      description: 'For operators of the server; do not expose these routes to the public.',
    },
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
    const { requestBody } = paths[toTemplate(path)]?.[method.toLowerCase()] ?? {}
    // The plugin does not know what the parsers of `http/body.ts` accept.
    if (requestBody && hooks.body) requestBody.content = { 'application/json': { schema: hooks.body } }
  }
  // Through JSON, so that the document shares no object with the schemas that validate.
  const plain = JSON.parse(JSON.stringify(paths), toDocumented) as Document['paths']
  for (const operations of Object.values(plain)) {
    for (const operation of Object.values(operations)) completeOperation(operation)
  }
  return { ...baseDocument, paths: plain }
}

/** The path of a route as OpenAPI writes it: `/challenges/{id}` for `/challenges/:id`. */
const toTemplate = (path: string) => path.replace(/:(\w+)/g, '{$1}')

/** `documentedAs` replaces what a schema checks where that differs from its meaning, as for a number in a query. */
function toDocumented(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const { documentedAs, type, pattern, ...rest } = value as Schema & { documentedAs?: Schema }
  if (documentedAs) return { ...rest, ...documentedAs }
  // The pattern of an enumeration repeats its values.
  return rest.enum && pattern ? { ...rest, type } : value
}

function completeOperation(operation: Operation) {
  operation.parameters?.forEach(completeParameter)
  for (const content of Object.values(operation.requestBody?.content ?? {})) hoistExample(content)
  for (const [status, response] of Object.entries(operation.responses)) {
    for (const content of Object.values(response.content ?? {})) hoistExample(content)
    if (Number(status) >= 400) describeProblem(response, Number(status), operation)
    response.headers = {
      ...response.headers,
      ...(showsQuota(operation, status) && rateLimitHeaders),
      'x-request-id': { description: 'Names the request in the log.', schema: text },
    }
  }
}

/** The answers that always have the headers of `rate-limit.ts`. */
function showsQuota({ tags, responses }: Operation, status: string): boolean {
  if (status === '200') return tags.includes('Quota') || '429' in responses
  return status === '422' || status === '429'
}

const rateLimitHeaders = {
  'RateLimit-Policy': { description: 'The daily credits, such as `"daily";q=10;w=86400`.', schema: text },
  RateLimit: {
    description: 'The credits left and the seconds until they are set anew, such as `"daily";r=9;t=86399`.',
    schema: text,
  },
}

function completeParameter(parameter: Parameter) {
  hoistExample(parameter)
  const { description } = parameter.schema
  if (description) parameter.description ??= description
}

/** Moves a schema's example to the place where tools look for it. */
function hoistExample(shown: { schema: Schema; example?: unknown }) {
  const { examples, ...schema } = shown.schema
  if (!examples) return
  shown.schema = schema
  shown.example ??= examples[0]
}

/** Completes an error answer: its content type, the codes that it may have, and their headers. */
function describeProblem(response: Response, status: number, operation: Operation) {
  const needsSession = operation.security !== undefined
  const other = needsSession ? 'invalid_signature' : 'unauthenticated'
  const problems = guide.filter((problem) => problem.status === status && problem.code !== other)
  response.description = problems.map(({ code, when }) => `\`${code}\`: ${when}`).join(' ')
  const examples = Object.fromEntries(
    problems.map(({ code }) => [code, { value: toExample(code, operation) }]),
  )
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
