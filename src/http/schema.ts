import { type ObjectOptions, type TProperties, Type as t } from '@sinclair/typebox'

/**
 * Replaces Elysia's message for a value that breaks a schema. Elysia would put the value itself into the message: that
 * throws for `{"toString":1}`, and takes megabytes for a large body. `toJSON` keeps it out of the documentation.
 */
const withoutMessage: object = { error: { toJSON: () => undefined } }

/** The JSON object of a request body; unknown members are ignored. Its members must not be objects or arrays. */
export function requestBody<Members extends TProperties>(members: Members, options: ObjectOptions) {
  const quiet = Object.entries(members).map(([name, schema]) => [name, { ...schema, ...withoutMessage }])
  return t.Object(Object.fromEntries(quiet) as Members, {
    ...options,
    ...withoutMessage,
    additionalProperties: true,
  })
}

/** One of several words. Unlike a union of literals, it keeps its description in the documentation. */
export function oneOf<const Word extends string>(
  words: readonly Word[],
  description: string,
  options: { default?: NoInfer<Word> } = {},
) {
  return t.Unsafe<Word>(t.String({ enum: words, pattern: `^(${words.join('|')})$`, description, ...options }))
}

/** One of our own words, which the compiler vouches for: to match two in each row of a history costs a twentieth of it. */
export function word<const Word extends string>(words: readonly Word[], description?: string) {
  const described = description === undefined ? {} : { description }
  return t.Unsafe<Word>(t.String({ ...described, documentedAs: { type: 'string', enum: words } }))
}

/** A moment in ISO 8601. Our own clock writes it: to check the format again costs as much as to write it. */
export function moment(description: string, options: object = {}) {
  return t.String({ description, documentedAs: { type: 'string', format: 'date-time' }, ...options })
}
