/**
 * The error family: the only errors whose words reach a client, as problem details (RFC 9457).
 * Anything else that is thrown becomes `internal`, and its message stays with us.
 */

const kinds = {
  invalid_request: { status: 400, title: 'Invalid request' },
  unauthenticated: { status: 401, title: 'Unauthenticated' },
  invalid_signature: { status: 401, title: 'Invalid signature' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  timeout: { status: 408, title: 'Request timeout' },
  too_large: { status: 413, title: 'Content too large' },
  unsupported_media_type: { status: 415, title: 'Unsupported media type' },
  idempotency_mismatch: { status: 422, title: 'Idempotency key reused' },
  quota_exhausted: { status: 429, title: 'Daily quota exceeded' },
  quota_in_flight: { status: 429, title: 'Credits in use' },
  internal: { status: 500, title: 'Internal error' },
  unavailable: { status: 503, title: 'Service unavailable' },
} as const

/** A stable word for a program. */
export type ProblemCode = keyof typeof kinds

/** All of them. */
export const problemCodes = Object.keys(kinds) as ProblemCode[]

type Extras = {
  headers?: Record<string, string>
  /** Extension members of the body. */
  members?: Record<string, unknown>
  /** What went wrong inside; for the log, never for the client. */
  cause?: unknown
}

/** An error with public words. `detail` is one plain sentence for a person; `code` a stable word for a program. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly status: number
  readonly headers: Record<string, string>
  private readonly members: Record<string, unknown>

  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    { headers = {}, members = {}, cause }: Extras = {},
  ) {
    super(detail, { cause })
    this.status = kinds[code].status
    this.headers = headers
    this.members = members
  }

  /** The members of the `application/problem+json` body. `type` points at the code's entry in the documentation. */
  toJSON() {
    const { status, title } = kinds[this.code]
    return {
      type: `/openapi#${this.code}`,
      title,
      status,
      detail: this.detail,
      code: this.code,
      ...this.members,
    }
  }
}

/** 503: something we depend on is out of reach; the client may try again in `retryAfter` seconds. */
export function unavailable(detail: string, cause?: unknown, retryAfter = 5): Problem {
  return new Problem('unavailable', detail, { headers: { 'retry-after': String(retryAfter) }, cause })
}
