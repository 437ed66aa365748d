import type { Static, TSchema } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'

/** Checks the content of an embedded file. @throws Error with the file, the place in it and the fault */
export function checkAsset<T extends TSchema>(schema: T, content: unknown, file: string): Static<T> {
  if (Value.Check(schema, content)) return content
  const { path = '', message = '' } = Value.Errors(schema, content).First() ?? {}
  throw new Error(`src/authoring/${file}: ${path}: ${message}.`)
}
