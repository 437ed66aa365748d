import { Problem, type ProblemCode, problemCodes } from '../problem.ts'

/** What a reader wants to know of a problem; `detail` is what one says. Code stands in backticks. */
type Advice = { when: string; remedy: string; detail: string; members?: Record<string, unknown> }

const advice: Record<ProblemCode, Advice> = {
  invalid_request: {
    when: 'The body is missing, is not JSON or breaks its schema; or a parameter has a value that it cannot have.',
    remedy: 'Mend what `detail` names. The same request will fail again.',
    detail: 'difficulty must be easy, medium or hard.',
  },
  unauthenticated: {
    when: 'There is no session token in `Authorization`, or it is malformed, expired, or meant for another application.',
    remedy: 'Sign in, or fetch a fresh token from Clerk, and send the request again.',
    detail: 'The session has expired; sign in again.',
  },
  invalid_signature: {
    when: 'A webhook has no valid Svix signature, or was signed more than five minutes ago.',
    remedy:
      'Compare `CLERK_WEBHOOK_SECRET` with the secret of the endpoint in Clerk’s dashboard, and set the clock.',
    detail: 'The webhook signature is missing, stale or wrong.',
  },
  not_found: {
    when: 'There is nothing at this path.',
    remedy: 'Compare the path with this page.',
    detail: 'There is nothing at this path.',
  },
  method_not_allowed: {
    when: 'The path does not take this method.',
    remedy: 'Use one of those that the header `Allow` lists.',
    detail: 'This path takes GET, HEAD.',
  },
  timeout: {
    when: 'The body did not arrive within ten seconds.',
    remedy: 'Send it again, over a better connection.',
    detail: 'The body did not arrive in time.',
  },
  too_large: {
    when: 'The body is larger than 64 KiB; of a webhook, 256 KiB.',
    remedy: 'Send less.',
    detail: 'The body is larger than 64 KiB.',
  },
  unsupported_media_type: {
    when: 'The body is not `application/json`, or it is compressed.',
    remedy: 'Send `Content-Type: application/json` and no `Content-Encoding`.',
    detail: 'Send the body as application/json.',
  },
  idempotency_mismatch: {
    when: 'The `Idempotency-Key` was used before, with another body.',
    remedy: 'Use a new key for a new request, and the old one only to repeat the old request.',
    detail: 'This Idempotency-Key was used with another difficulty; use a new key.',
  },
  quota_exhausted: {
    when: 'The user has no credits left.',
    remedy: 'Wait until `next_reset_date`; `Retry-After` says it in seconds.',
    detail: 'Daily quota exceeded: new credits come at 2026-11-25T11:34:40.613Z.',
    members: { next_reset_date: '2026-11-25T11:34:40.613Z' },
  },
  quota_in_flight: {
    when: 'Every credit that the user has left is being spent by another request under way.',
    remedy: 'Try again after `Retry-After`: one of those requests may fail and leave its credit.',
    detail: 'All remaining credits are in use by earlier requests; try again in a moment.',
  },
  internal: {
    when: 'Something went wrong on our side.',
    remedy: 'Try again later. If it stays, report the `x-request-id` of the answer.',
    detail: 'Something went wrong on our side.',
  },
  unavailable: {
    when: 'Something that the server depends on is out of reach.',
    remedy: 'Try again after `Retry-After`; with the same `Idempotency-Key`, nothing is charged twice.',
    detail: 'The database cannot be reached right now; try again in a moment.',
  },
}

/** Every problem code, with its status, its words, and an example of its body. */
export const guide = problemCodes.map((code) => {
  const { when, remedy, detail, members = {} } = advice[code]
  const example = new Problem(code, detail, { members }).toJSON()
  return { code, status: example.status, title: example.title, when, remedy, example }
})
