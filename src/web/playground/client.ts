import { ApiError, type ApiRequest, readBody, send } from './api.ts'
import { showRequest } from './request-panel.ts'
import type { Session } from './session.ts'

type Options = {
  /** Whether the request panel shows the request. It shows the requests of the user, not those of the page. */
  shown?: boolean
  /** Cancels the request. */
  cancel?: AbortSignal
}

/** Sends a request as the signed-in user. @throws ApiError unless the answer is successful */
export type Call = <Body>(request: ApiRequest, options?: Options) => Promise<Body>

/** Creates the client of a session. `ended` aborts its requests; `onRefused` is called if the session is not valid. */
export function createClient(
  { token, command }: Session,
  ended: AbortSignal,
  onRefused: (error: ApiError) => void,
): Call {
  return async function call<Body>(request: ApiRequest, { shown = false, cancel }: Options = {}) {
    const panel = shown ? showRequest(request, command) : undefined
    try {
      const exchange = await send(request, token, cancel ? AbortSignal.any([ended, cancel]) : ended)
      panel?.showAnswer(exchange)
      return readBody<Body>(exchange)
    } catch (error) {
      panel?.showFailure()
      if (error instanceof ApiError && error.code === 'unauthenticated' && !ended.aborted) onRefused(error)
      throw error
    }
  }
}
