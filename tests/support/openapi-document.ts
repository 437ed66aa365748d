import { expect } from 'bun:test'
import { startServer } from './server.ts'

export type Schema = { [keyword: string]: unknown; properties?: Record<string, Schema>; required?: string[] }
type Content = Record<string, { schema?: Schema; examples?: Record<string, { value: unknown }> }>
/** An answer of an operation. */
export type Response = { description?: string; headers?: Record<string, unknown>; content?: Content }
type Operation = {
  operationId?: string
  summary?: string
  parameters?: { name: string; in: string; required?: boolean; schema?: Schema }[]
  requestBody?: { required?: boolean; content: Content }
  responses?: Record<string, Response>
  security?: Record<string, string[]>[]
}
type Document = {
  openapi: string
  info: { title?: string; version?: string }
  paths: Record<string, Record<string, Operation>>
  components: { securitySchemes: Record<string, unknown> }
}

/** The OpenAPI document of a new server. */
export async function documentOf(): Promise<Document> {
  await using server = await startServer()
  const answer = await server.fetch('/openapi/json')
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toStartWith('application/json')
  return (await answer.json()) as Document
}

/** The operations of a document with names such as `get /health`. */
export function operationsOf({ paths }: Document) {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, operation })),
  )
}
