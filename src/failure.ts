/** Why a call of the model gave no usable answer. Logs and metrics contain these values: keep them stable. */
export const modelFaults = [
  'timeout',
  /** No connection: a wrong address, a refused connection, a certificate that is not trusted. */
  'unreachable',
  'connection_lost',
  'redirected',
  /** The server has no Chat Completions API at this address. */
  'wrong_path',
  'unauthorized',
  /** The account of the key has no credit. */
  'unpaid',
  /** The server does not know the model. */
  'not_found',
  'rate_limited',
  'bad_request',
  'server_error',
  /** A status 200 with an error in place of an answer. */
  'error_in_answer',
  'too_large',
  'compressed',
  'refusal',
  'truncated',
  'filtered',
  'malformed',
] as const

export type ModelFault = (typeof modelFaults)[number]

/** Why a session was refused. Logs and metrics contain these values: keep them stable. */
export const sessionRefusals = [
  /** No `Authorization` header. */
  'no_token',
  /** Not `Bearer <session token>`, or a token that cannot be read or breaks RFC 7519. */
  'malformed',
  /** Another algorithm than RS256. */
  'algorithm',
  /** A token of a machine, of a JWT template, of OAuth … */
  'no_user',
  'pending',
  'expired',
  /** `nbf` or `iat` lies in the future. */
  'not_yet_valid',
  /** The authorised party is not one of `ALLOWED_ORIGINS`. */
  'azp',
  /** Clerk has no key with the id that the token names. */
  'unknown_key',
  'signature',
] as const

export type SessionRefusal = (typeof sessionRefusals)[number]

/** Why a challenge by the model was rejected. Logs and metrics contain these values: keep them stable. */
export const rejections = [
  'empty',
  'too_long',
  'unsafe_characters',
  'raw_html',
  'option_count',
  'answer_repeated',
  'options_repeated',
  'untrimmed',
  'labelled',
  'meta_option',
  'option_reference',
  'injection',
  'no_question',
  'missing_code',
  'long_key',
  'key_in_question',
  'second_thoughts',
  'wrong_conclusion',
  'repeat',
  'near_repeat',
  'execution',
  'review',
] as const

export type Rejection = (typeof rejections)[number]

/** Tables with rows that may be damaged. `challenges` is the view of the two others. */
export const damageableTables = ['questions', 'challenges', 'assignments'] as const

/** A damaged row of the database that was left out. */
export type DamagedRow = { table: (typeof damageableTables)[number]; id: number }

/** A call of the model failed. The error keeps no text of the model's server. */
export class ModelError extends Error {
  override readonly name = 'ModelError'
  constructor(
    readonly fault: ModelFault,
    /** The pause that the model's server asks for (`Retry-After`), in milliseconds. */
    readonly retryAfterMs = 0,
  ) {
    super(fault)
  }
}

/** Why a generation failed: the reason of its last attempt, or `resting` if the circuit breaker is open. */
export const failureReasons = [...modelFaults, ...rejections, 'resting'] as const

type FailureReason = (typeof failureReasons)[number]

/** A generation that ended without a challenge. */
export class GenerationFailed extends Error {
  override readonly name = 'GenerationFailed'
  constructor(
    readonly reason: FailureReason,
    /** Whether a call failed, in contrast to a rejected question. */
    readonly modelAtFault: boolean,
  ) {
    super(reason)
  }
}
