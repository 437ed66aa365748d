import { expect } from 'bun:test'
import { startServer } from './server.ts'

export type Schema = {
  [keyword: string]: unknown
  $ref?: string
  properties?: Record<string, Schema>
  required?: string[]
  allOf?: Schema[]
  oneOf?: Schema[]
}
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
  components: { securitySchemes: Record<string, unknown>; schemas: Record<string, Schema> }
}

let text: Promise<string> | undefined

async function fetchText(): Promise<string> {
  await using server = await startServer()
  const answer = await server.fetch('/openapi/json')
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toStartWith('application/json')
  return answer.text()
}

/** The OpenAPI document of a server, as clients get it. It is fetched once, and each call returns a copy. */
export async function referringDocument(): Promise<Document> {
  text ??= fetchText()
  return JSON.parse(await text) as Document
}

/** The OpenAPI document of a server, with the targets of references in their places. */
export async function documentOf(): Promise<Document> {
  const document = await referringDocument()
  return replaceReferences(document, document) as Document
}

/** The target of a reference such as `#/components/schemas/Quota`; `undefined` if there is none. */
export const findTarget = (document: Document, reference: string) =>
  reference
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>((at, name) => Object(at)[name], document)

function replaceReferences(value: unknown, document: Document): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((one) => replaceReferences(one, document))
  const { $ref, ...members } = value as Schema
  if ($ref !== undefined) {
    return replaceReferences({ ...Object(findTarget(document, $ref)), ...members }, document)
  }
  const replaced = Object.entries(members).map(([name, one]) => [name, replaceReferences(one, document)])
  return mergeParts(Object.fromEntries(replaced))
}

/** One object schema instead of the parts of an `allOf`. */
function mergeParts({ allOf, ...schema }: Schema): Schema {
  if (!allOf) return schema
  const properties = Object.assign({}, ...allOf.map((part) => part.properties))
  const required = allOf.flatMap((part) => part.required ?? [])
  return { ...allOf[0], ...schema, properties, required }
}

/** The operations of a document with names such as `get /health`. */
export function operationsOf({ paths }: Document) {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, operation })),
  )
}
