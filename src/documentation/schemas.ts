import type { Schema } from './openapi.ts'

/** The options of a schema that say how the document shows it (`http/schema.ts`). */
type Documented = Schema & { named?: string; documentedAs?: Schema }

/**
 * Makes a reviver of `JSON.parse` that replaces each named schema by a reference, and collects it in `components`.
 * @throws Error if two different schemas have one name
 */
export function collectSchemas(components: Record<string, Schema>) {
  return function revive(_: string, value: unknown): unknown {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    const documented = toDocumented(value)
    if (!documented.named) return documented
    // The examples are dropped: `completeOperation` has moved them beside the schema.
    const { named, examples, ...schema } = documented
    const known = components[named]
    if (known && !Bun.deepEquals(known, schema)) throw new Error(`Two schemas have the name ${named}.`)
    components[named] = schema
    return { $ref: `#/components/schemas/${named}` }
  }
}

/** `documentedAs` replaces what a schema checks where that differs from its meaning, as for a number in a query. */
function toDocumented(schema: Documented): Documented {
  const { documentedAs, named, description, deprecated } = schema
  if (!documentedAs) return schema
  return {
    ...(named !== undefined && { named }),
    ...(description !== undefined && { description }),
    ...(deprecated !== undefined && { deprecated }),
    ...documentedAs,
  }
}
