import type { SessionRefusal } from './failure.ts'
import { limits, toKibibytes, toSeconds, toWait } from './limits.ts'
import { problemKinds } from './problem-kinds.ts'

/** A stable word for a program. */
export type ProblemCode = keyof typeof problemKinds

export const problemCodes = Object.keys(problemKinds) as ProblemCode[]

type Extras = {
  headers?: Record<string, string>
  /** Extension members of the body. */
  members?: Record<string, unknown>
  /** The internal reason. It goes to the log, never to the client. */
  cause?: unknown
}

/**
 * The only errors whose words reach a client, as problem details (RFC 9457). Every other error is answered as `internal`.
 * `detail` is one plain sentence for a person. Only `problems` below creates them.
 */
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
    this.status = problemKinds[code].status
    this.headers = headers
    this.members = members
  }

  /** Adds headers to the answer. */
  withHeaders(headers: Record<string, string>): this {
    Object.assign(this.headers, headers)
    return this
  }

  /** The members of the `application/problem+json` body. `type` points at the code's entry in the documentation. */
  toJSON() {
    const { status, title } = problemKinds[this.code]
    const { code, detail, members } = this
    return { type: `/openapi#${code}`, title, status, detail, code, ...members }
  }
}

const invalid = (detail: string) => new Problem('invalid_request', detail)

/** RFC 9110 section 11.6.1 demands the header. */
const unauthenticated = (detail: string, cause: SessionRefusal) =>
  new Problem('unauthenticated', detail, { headers: { 'www-authenticate': 'Bearer' }, cause })

const unavailable = (detail: string, retryAfter: number, cause?: unknown) =>
  new Problem('unavailable', detail, { headers: { 'retry-after': String(retryAfter) }, cause })

/** Every sentence that the server answers an error with. A `cause` goes to the log only. */
export const problems = {
  missingBody: () => invalid('The request needs a JSON body.'),
  malformedJson: () => invalid('The body is not valid JSON.'),
  nestedTooDeep: () => invalid(`The body is nested deeper than ${limits.jsonDepth} levels.`),
  unreadableBody: () => invalid('The body cannot be read.'),
  trailerFields: () => invalid('Send the body without trailer fields.'),
  connectionClosed: () => invalid('The connection closed before the request was accepted.'),
  ambiguousPath: () => invalid('Send the path without backslashes and dot segments.'),
  /** `expected` is the schema's description. */
  invalidValue: (name: string, expected = 'valid') => invalid(`${name} must be ${expected}.`),
  eventWithoutType: () => invalid('The event must be a JSON object with a type.'),
  eventWithoutUser: () => invalid('The event must have the id of its user in data.id.'),

  missingSession: () => unauthenticated('Sign in: the request has no Authorization header.', 'no_token'),
  malformedAuthorization: () =>
    unauthenticated('The Authorization header must read "Bearer <session token>".', 'malformed'),
  invalidSession: (refusal: SessionRefusal) =>
    unauthenticated('The session token is not valid; sign in again.', refusal),
  expiredSession: () => unauthenticated('The session has expired; sign in again.', 'expired'),
  notUserSession: () => unauthenticated('The token is not the session of a user; sign in again.', 'no_user'),
  pendingSession: () => unauthenticated('The session is pending; finish signing up first.', 'pending'),
  invalidSignature: () =>
    new Problem(
      'invalid_signature',
      'The webhook signature is missing or invalid, or its timestamp is too far from the server’s clock.',
    ),

  notFound: () => new Problem('not_found', 'This path does not exist.'),
  challengeNotFound: () => new Problem('not_found', 'You have no challenge with this id.'),
  loopbackOnly: () => new Problem('not_found', 'Development sessions are issued on a loopback address only.'),
  methodNotAllowed(methods: string[]) {
    const allow = methods.join(', ')
    return new Problem('method_not_allowed', `This path allows only ${allow}.`, { headers: { allow } })
  },
  /** The connection is closed: bytes of the body that arrive later must not be parsed as the next request. */
  bodyTimeout: (limitMs: number) =>
    new Problem('timeout', `The body did not arrive within ${toSeconds(limitMs)}.`, {
      headers: { connection: 'close' },
    }),
  clientDisconnected: () => new Problem('timeout', 'The client disconnected before its challenge was ready.'),
  tooLarge: (limitBytes: number) =>
    new Problem('too_large', `The body is larger than ${toKibibytes(limitBytes)}.`),
  notJson: () => new Problem('unsupported_media_type', 'Send the body as application/json.'),
  encodedBody: () => new Problem('unsupported_media_type', 'Send the body without a content encoding.'),

  /** `answerId` is the answer that counts. */
  alreadyAnswered: (answerId: number) =>
    new Problem(
      'already_answered',
      'This challenge was answered with another option; the first answer counts.',
      { members: { answer_id: answerId } },
    ),
  idempotencyMismatch: () =>
    new Problem(
      'idempotency_mismatch',
      'This Idempotency-Key was used with another difficulty or topic; use a new key.',
    ),
  /** No credits until `resetAt`. Both times are epoch milliseconds. */
  quotaExhausted(resetAt: number, now: number) {
    const seconds = Math.max(1, Math.ceil((resetAt - now) / 1000))
    const detail = `You have no credits left; new credits come in ${toWait(seconds)}.`
    return new Problem('quota_exhausted', detail, {
      headers: { 'retry-after': String(seconds) },
      members: { next_reset_date: new Date(resetAt).toISOString() },
    })
  },
  quotaInFlight() {
    const detail = 'Earlier requests are using all remaining credits; try again in a moment.'
    return new Problem('quota_in_flight', detail, { headers: { 'retry-after': '1' } })
  },

  internal: (cause: unknown) =>
    new Problem('internal', 'The server failed unexpectedly; try again later.', { cause }),
  stopping: () => unavailable('The server is stopping; send requests to another one.', 5),
  databaseUnavailable: (cause: unknown) =>
    unavailable('The database is unavailable right now; try again in a moment.', 5, cause),
  databaseLocked: (cause: unknown) =>
    unavailable('The database is locked by another program; try again in a moment.', 5, cause),
  sessionKeysUnavailable: (cause: unknown) =>
    unavailable('Sessions cannot be verified right now; try again in a moment.', 5, cause),
  noChallenge: () => unavailable('No challenge can be generated right now; try again in half a minute.', 30),
  noChallengeOnTopic: (topicName: string) =>
    unavailable(
      `There is nothing left on ${topicName} at this difficulty; choose another topic or difficulty, or try again later.`,
      30,
    ),
}
