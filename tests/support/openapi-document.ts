import { expect } from 'bun:test'
import { startServer } from './server.ts'

export type Schema = { [keyword: string]: unknown; properties?: Record<string, Schema>; required?: string[] }
type Content = Record<string, { schema?: Schema }>
type Operation = {
  operationId?: string
  summary?: string
  parameters?: { name: string; in: string; required?: boolean; schema?: Schema }[]
  requestBody?: { required?: boolean; content: Content }
  responses?: Record<string, { description?: string; content?: Content }>
  security?: Record<string, string[]>[]
}
type Document = {
  openapi: string
  info: { title?: string; version?: string }
  paths: Record<string, Record<string, Operation>>
  components: { securitySchemes: Record<string, unknown> }
}

/** The document that a server of its own gives out. */
export async function documentOf(): Promise<Document> {
  await using server = await startServer()
  const response = await server.fetch('/openapi/json')
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toStartWith('application/json')
  return (await response.json()) as Document
}

/** A document's operations, named such as `get /health`. */
export function operationsOf({ paths }: Document) {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, operation })),
  )
}
