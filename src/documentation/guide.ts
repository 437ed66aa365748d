import { limits } from '../limits.ts'
import { type Problem, type ProblemCode, problemCodes, problems } from '../problem.ts'
import { problemKinds } from '../problem-kinds.ts'
import type { Operation } from './openapi.ts'

const now = Date.parse('2026-11-24T11:35:40.613Z')
const nextReset = Date.parse('2026-11-25T11:34:40.613Z')

/** A problem of each code, made as the server makes it. */
const examples: Record<ProblemCode, Problem> = {
  invalid_request: problems.missingBody(),
  unauthenticated: problems.missingSession(),
  invalid_signature: problems.invalidSignature(),
  not_found: problems.notFound(),
  method_not_allowed: problems.methodNotAllowed(['GET', 'HEAD']),
  timeout: problems.bodyTimeout(limits.bodyArrivalMs),
  too_large: problems.tooLarge(limits.jsonBodyBytes),
  unsupported_media_type: problems.notJson(),
  already_answered: problems.alreadyAnswered(2),
  idempotency_mismatch: problems.idempotencyMismatch(),
  quota_exhausted: problems.quotaExhausted(nextReset, now),
  quota_in_flight: problems.quotaInFlight(),
  internal: problems.internal(undefined),
  unavailable: problems.databaseUnavailable(undefined),
}

/** An example of the body that an operation answers for a code. */
export function toExample(
  code: ProblemCode,
  { parameters = [], security = [], requestBody }: Operation,
): object {
  const [query] = parameters.filter((parameter) => parameter.in === 'query')
  if (code === 'invalid_request' && query) {
    return problems.invalidValue(query.name, query.schema.description).toJSON()
  }
  if (code === 'invalid_request' && !requestBody) return problems.ambiguousPath().toJSON()
  if (code === 'not_found') return problems.challengeNotFound().toJSON()
  // Of the routes that take a body, only the webhook needs no session.
  if (code === 'too_large' && security.length === 0)
    return problems.tooLarge(limits.webhookBodyBytes).toJSON()
  return examples[code].toJSON()
}

/** Every code with its status, its explanations and an example of its body. */
export const guide = problemCodes.map((code) => ({
  code,
  ...problemKinds[code],
  example: examples[code].toJSON(),
}))
