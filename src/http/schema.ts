import { Type as t } from '@sinclair/typebox'

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
  return t.Unsafe<Word>(t.String({ description, documentedAs: { type: 'string', enum: words } }))
}

/** A moment in ISO 8601. Our own clock writes it: to check the format again costs as much as to write it. */
export function moment(description: string, options: object = {}) {
  return t.String({ description, documentedAs: { type: 'string', format: 'date-time' }, ...options })
}
