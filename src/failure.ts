/** Why a call of the model gave nothing usable. Stable words: they are logged and counted. */
export type ModelFault =
  | 'timeout'
  | 'unreachable'
  | 'unauthorized'
  | 'not_found'
  | 'rate_limited'
  | 'bad_request'
  | 'server_error'
  | 'too_large'
  | 'compressed'
  | 'refusal'
  | 'truncated'
  | 'filtered'
  | 'malformed'

/** Why a challenge that the model did write is not good enough. */
export type Rejection =
  | 'empty'
  | 'too_long'
  | 'unsafe_characters'
  | 'raw_html'
  | 'option_count'
  | 'answer_repeated'
  | 'options_repeated'
  | 'untrimmed'
  | 'labelled'
  | 'meta_option'
  | 'missing_code'
  | 'repeat'
  | 'review'

/** The model's fault: it did not answer, or not with what was asked for. Its own words are never kept. */
export class ModelError extends Error {
  override readonly name = 'ModelError'
  constructor(
    readonly fault: ModelFault,
    /** How long the model asks to be left alone, in milliseconds. */
    readonly retryAfterMs = 0,
  ) {
    super(fault)
  }
}

/** A generation that ended without a challenge. */
export class GenerationFailed extends Error {
  override readonly name = 'GenerationFailed'
  constructor(
    /** The last attempt's reason; `resting` while the model is left alone. */
    readonly reason: ModelFault | Rejection | 'resting',
    /** Whether the model is to blame, rather than what it wrote. */
    readonly modelAtFault: boolean,
  ) {
    super(reason)
  }
}
