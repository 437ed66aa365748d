import { Type } from '@sinclair/typebox'
import { difficulties, reportReasons, sources, verdicts } from '../question.ts'
import { topicIds } from '../topics.ts'

/** Every enumeration of the API by its name in the documentation. */
const enumerations = {
  Difficulty: difficulties,
  TopicId: topicIds,
  Source: sources,
  Verdict: verdicts,
  ReportReason: reportReasons,
  ReceiptStatus: ['success', 'ignored'],
} as const

type Enumerations = typeof enumerations
type Name = keyof Enumerations

const toDocumented = (named: Name) => ({ named, type: 'string', enum: enumerations[named] })

/**
 * An enumeration in a request. Unlike a union of literals, it keeps its description in the documentation. `among` are
 * the values that the server accepts, by default all of them.
 */
export function oneOf<const N extends Name>(
  name: N,
  description: string,
  among: readonly Enumerations[N][number][] = enumerations[name],
) {
  const pattern = `^(${among.join('|')})$`
  return Type.Unsafe<Enumerations[N][number]>(
    Type.String({ pattern, description, documentedAs: toDocumented(name) }),
  )
}

/**
 * An enumeration in an answer. The compiler guarantees the value, so it is not validated again: that cost 5 % of a page
 * of the history.
 */
export function enumerated<const N extends Name>(name: N, options: { description?: string } = {}) {
  return Type.Unsafe<Enumerations[N][number]>(Type.String({ ...options, documentedAs: toDocumented(name) }))
}
