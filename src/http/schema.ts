import { type ObjectOptions, type TProperties, type TSchema, Type } from '@sinclair/typebox'

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

/** An enumeration in a request. Unlike a union of literals, it keeps its description in the documentation. */
export function oneOf<const Value extends string>(
  values: readonly Value[],
  description: string,
  options: { default?: NoInfer<Value> } = {},
) {
  return Type.Unsafe<Value>(
    Type.String({ enum: values, pattern: `^(${values.join('|')})$`, description, ...options }),
  )
}

/** An integer in a query, where every value is text. The pattern lists the numbers, so the range should be short. */
export function integerText(range: { minimum: number; maximum: number; default: number }, example: number) {
  const { minimum, maximum } = range
  const numbers = Array.from({ length: maximum - minimum + 1 }, (_, index) => minimum + index)
  return Type.String({
    pattern: `^(${numbers.join('|')})$`,
    description: `a whole number from ${minimum} to ${maximum}`,
    documentedAs: { type: 'integer', ...range, examples: [example] },
  })
}

/**
 * An enumeration in an answer. The compiler guarantees the value, so it is not validated again: that cost 5 % of a page
 * of the history.
 */
export function enumerated<const Value extends string>(values: readonly Value[], description?: string) {
  const described = description === undefined ? {} : { description }
  return Type.Unsafe<Value>(Type.String({ ...described, documentedAs: { type: 'string', enum: values } }))
}

/** A time in ISO 8601 in an answer. The format is not validated: that costs as much as writing the time. */
export function timestamp(description: string, options: object = {}) {
  return Type.String({ description, documentedAs: { type: 'string', format: 'date-time' }, ...options })
}

/** A value in an answer that may be null. */
export function nullable<Schema extends TSchema>(schema: Schema, description: string) {
  return Type.Union([schema, Type.Null()], { description })
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
