import { type ObjectOptions, type TProperties, type TSchema, Type } from '@sinclair/typebox'

// `documentation/schemas.ts` reads two options of a schema: `named` puts it into the `components` of the document under
// this name, and `documentedAs` replaces it there.

/**
 * Replaces Elysia's message for a value that breaks a schema. Elysia would put the value itself into the message: that
 * throws for `{"toString":1}`, and takes megabytes for a large body. `toJSON` keeps the member out of the documentation.
 */
const withoutMessage: object = { error: { toJSON: () => undefined } }

/** The JSON object of a request body; unknown members are ignored. Its members must not be objects or arrays. */
export function requestBody<Members extends TProperties>(members: Members, options: ObjectOptions) {
  const quiet = Object.entries(members).map(([name, schema]) => [name, { ...schema, ...withoutMessage }])
  return Type.Object(Object.fromEntries(quiet) as Members, {
    ...options,
    ...withoutMessage,
    additionalProperties: true,
  })
}

/** An integer in a query, where every value is text. The pattern lists the numbers, so the range should be short. */
export function integerText(range: { minimum: number; maximum: number; default: number }, example: number) {
  const { minimum, maximum } = range
  const numbers = Array.from({ length: maximum - minimum + 1 }, (_, index) => minimum + index)
  const text = Type.String({
    pattern: `^(${numbers.join('|')})$`,
    description: `a whole number from ${minimum} to ${maximum}`,
    documentedAs: { type: 'integer', ...range, examples: [example] },
  })
  // Clients of the type `App` may also give a number.
  return Type.Unsafe<string | number>(text)
}

/** A time in ISO 8601 in an answer. The format is not validated: that costs as much as writing the time. */
export function timestamp(description: string, options: object = {}) {
  return Type.String({ description, documentedAs: { type: 'string', format: 'date-time' }, ...options })
}

/** A value in an answer that may be null. */
export function nullable<Schema extends TSchema>(schema: Schema, description: string) {
  const shown = schema.documentedAs ?? schema
  const documentedAs = shown.named
    ? { oneOf: [shown, { type: 'null' }] }
    : { ...shown, type: [shown.type, 'null'], description }
  return Type.Union([schema, Type.Null()], { description, documentedAs })
}

/** The notes on a question's options in an answer. The compiler guarantees the value. */
export function optionNotes(description: string) {
  const documentedAs = {
    type: ['array', 'null'],
    items: { type: ['string', 'null'] },
    ...{ minItems: 4, maxItems: 4 },
  }
  return Type.Unsafe<(string | null)[] | null>(Type.Any({ description, documentedAs }))
}
