import { Type as t } from '@sinclair/typebox'

/** One of several words. Unlike a union of literals, it keeps its description in the documentation. */
export function oneOf<const Word extends string>(words: readonly Word[], description: string) {
  return t.Unsafe<Word>(t.String({ enum: words, pattern: `^(${words.join('|')})$`, description }))
}
