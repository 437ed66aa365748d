import { toOpenAPISchema } from '@elysiajs/openapi/openapi'
import type { AnyElysia } from 'elysia'
import { baseDocument } from './base.ts'
import type { Document, Operation, Schema } from './openapi.ts'
import { completeOperation, headers } from './operations.ts'
import { collectSchemas } from './schemas.ts'

/** The schemas of a route, as Elysia keeps them. */
type RouteSchemas = {
  [part in 'params' | 'query' | 'headers']?: { properties: Record<string, Schema> }
} & { body?: Schema; response?: Record<string, Schema> }

/** The application as an OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.1.html), made from its routes. */
export function toDocument(app: AnyElysia): Document {
  // Through JSON: routes may share objects, and the operations are changed below.
  const paths = JSON.parse(JSON.stringify(toOpenAPISchema(app).paths)) as Document['paths']
  for (const { path, method, hooks } of app.routes) {
    const operation = paths[toTemplate(path)]?.[method.toLowerCase()]
    if (!operation) continue
    restoreSchemas(operation, hooks)
    completeOperation(operation)
  }
  const schemas: Record<string, Schema> = {}
  const referring = JSON.parse(JSON.stringify(paths), collectSchemas(schemas)) as Document['paths']
  const sorted = Object.entries(schemas).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return {
    ...baseDocument,
    paths: referring,
    components: { ...baseDocument.components, headers, schemas: Object.fromEntries(sorted) },
  }
}

/** The path of a route as OpenAPI writes it: `/challenges/{id}` for `/challenges/:id`. */
const toTemplate = (path: string) => path.replace(/:(\w+)/g, '{$1}')

/**
 * Puts the schemas of a route in place of the plugin's: it rewrites unions, so that named schemas would lose their
 * names, and does not know what the parsers of `http/body.ts` accept.
 */
function restoreSchemas(operation: Operation, route: RouteSchemas) {
  const { params, query, headers, body, response = {} } = route
  const inputs = { path: params, query, header: headers }
  for (const parameter of operation.parameters ?? []) {
    parameter.schema = inputs[parameter.in]?.properties[parameter.name] ?? parameter.schema
  }
  if (operation.requestBody && body) {
    // The server ignores unknown members. The document forbids them, so that typed clients find misspelled ones.
    const schema = { ...body, additionalProperties: false }
    operation.requestBody.content = { 'application/json': { schema } }
  }
  for (const [status, { content = {} }] of Object.entries(operation.responses)) {
    for (const shown of Object.values(content)) shown.schema = response[status] ?? shown.schema
  }
}
