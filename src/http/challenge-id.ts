import { Type } from '@sinclair/typebox'
import { problems } from '../problem.ts'

/** The path parameter of the routes of one challenge. `parseChallengeId` checks it: a wrong id is 404, not 400. */
export const ChallengeParamsSchema = Type.Object({
  id: Type.String({
    description: 'The id of one of the user’s challenges.',
    documentedAs: { type: 'integer', minimum: 1, examples: [1042] },
  }),
})

/** @throws Problem `not_found` if no challenge can have the id, `invalid_request` if it contains a backslash */
export function parseChallengeId(text: string): number {
  if (text.includes('\\')) throw problems.ambiguousPath()
  const id = /^[1-9]\d{0,15}$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(id)) throw problems.challengeNotFound()
  return id
}
