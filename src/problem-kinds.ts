import { limits, toKibibytes, toSeconds } from './limits.ts'

/** The kinds of problems by their codes. `when` and `remedy` are for the documentation; code stands in backticks. */
export const problemKinds = {
  invalid_request: {
    status: 400,
    title: 'Invalid request',
    when: 'The body is missing, is not JSON or does not match its schema, a parameter or header has an invalid value, or the path has a backslash or a dot segment.',
    remedy: 'Fix the field named in `detail`; retrying unchanged will fail again.',
  },
  unauthenticated: {
    status: 401,
    title: 'Unauthenticated',
    when: '`Authorization` has no session token, or the token is malformed, expired or issued for another application.',
    remedy: 'Sign in or get a new session token from Clerk, then send the request again.',
  },
  invalid_signature: {
    status: 401,
    title: 'Invalid signature',
    when: 'The webhook has no valid Svix signature, or its timestamp is more than five minutes off the server’s clock.',
    remedy:
      'Set `CLERK_WEBHOOK_SECRET` to the signing secret of this endpoint in Clerk’s dashboard, and check the server’s clock.',
  },
  not_found: {
    status: 404,
    title: 'Not found',
    when: 'The path does not exist, or the user has no challenge with the id in the path.',
    remedy: 'Compare the path with this documentation, and the id with the user’s history.',
  },
  method_not_allowed: {
    status: 405,
    title: 'Method not allowed',
    when: 'The path exists but does not allow this method.',
    remedy: 'Use a method listed in the `Allow` header.',
  },
  timeout: {
    status: 408,
    title: 'Request timeout',
    when: `The body did not arrive within ${toSeconds(limits.bodyArrivalMs)}.`,
    remedy: 'Send the request again over a faster connection.',
  },
  too_large: {
    status: 413,
    title: 'Content too large',
    when: `The body is larger than ${toKibibytes(limits.jsonBodyBytes)}, or than ${toKibibytes(limits.webhookBodyBytes)} for a webhook.`,
    remedy: 'Send a smaller body.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported media type',
    when: 'The body is not `application/json`, or it is compressed.',
    remedy: 'Send `Content-Type: application/json` and no `Content-Encoding`.',
  },
  already_answered: {
    status: 409,
    title: 'Already answered',
    when: 'The user answered the challenge with another option before.',
    remedy: 'Show the answer that counts: `answer_id` in the body, or `GET /api/challenges/{id}`.',
  },
  idempotency_mismatch: {
    status: 422,
    title: 'Idempotency key reused',
    when: 'The `Idempotency-Key` was already used with a different body.',
    remedy: 'Use a new key for a new request; reuse a key only to retry the same request.',
  },
  quota_exhausted: {
    status: 429,
    title: 'Daily quota exceeded',
    when: 'The user has no credits left.',
    remedy: 'Wait until `next_reset_date`; `Retry-After` is the same wait in seconds.',
  },
  quota_in_flight: {
    status: 429,
    title: 'Credits in use',
    when: 'Other requests in flight are using all of the user’s remaining credits.',
    remedy: 'Try again after `Retry-After`; a request that fails releases its credit.',
  },
  internal: {
    status: 500,
    title: 'Internal error',
    when: 'The server failed unexpectedly.',
    remedy: 'Try again later. If the error persists, report the `x-request-id` of the response.',
  },
  unavailable: {
    status: 503,
    title: 'Service unavailable',
    when: 'A service that the server depends on is unavailable, or no challenge can be generated.',
    remedy: 'Try again after `Retry-After`; with the same `Idempotency-Key`, no credit is charged twice.',
  },
} as const
