/** As much of OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1.html) as this API needs. */

export type Schema = {
  type?: string | string[]
  description?: string
  deprecated?: boolean
  format?: string
  enum?: string[]
  const?: unknown
  $ref?: string
  default?: unknown
  pattern?: string
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  examples?: unknown[]
}

type Parameter = {
  name: string
  in: 'query' | 'header' | 'path'
  required?: boolean
  description?: string
  schema: Schema
  example?: unknown
}

type Content = Record<
  string,
  { schema: Schema; example?: unknown; examples?: Record<string, { value: unknown }> }
>

export type Header = { description: string; schema: Schema; example: unknown }

export type Response = {
  description: string
  headers?: Record<string, { $ref: string }>
  content?: Content
}

export type Operation = {
  operationId: string
  summary: string
  description?: string
  tags: string[]
  security?: Record<string, string[]>[]
  parameters?: Parameter[]
  requestBody?: { description?: string; required: boolean; content: Content }
  responses: Record<string, Response>
}

export type Document = {
  openapi: string
  info: {
    title: string
    version: string
    summary: string
    description: string
    license: { name: string; identifier: string }
    contact: { name: string }
  }
  servers: { url: string; description: string }[]
  tags: { name: string; description: string }[]
  paths: Record<string, Record<string, Operation>>
  components: {
    securitySchemes: Record<string, Record<string, string>>
    headers: Record<string, Header>
    schemas: Record<string, Schema>
  }
}
