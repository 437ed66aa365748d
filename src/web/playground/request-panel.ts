import { renderCode } from '../code.ts'
import { toCurl } from '../curl.ts'
import { byId, h } from '../dom.ts'
import type { ApiRequest, Exchange } from './api.ts'

/**
 * Shows a request as a curl command. `tokenCommand` is a shell command that sets `$TOKEN`. The returned functions add
 * the answer.
 */
export function showRequest(request: ApiRequest, tokenCommand: string) {
  const { method, path } = request
  const outcome = h('span', { class: 'small soft' }, 'waiting for the answer')
  const answer = h('details', { hidden: true }, h('summary', {}, 'Answer'))
  // A new request needs an idempotency key of its own, so the command has none.
  const { headers: _, ...repeatable } = request
  const command = toCurl({ ...repeatable, url: location.origin + path, signedIn: true })
  byId('request', HTMLElement).hidden = false
  byId('request-shown', HTMLElement).replaceChildren(
    h('p', { class: 'row' }, h('code', {}, `${method} ${path}`), outcome),
    renderCode(command, { language: 'bash', label: 'The request as a curl command' }),
    h(
      'p',
      { class: 'small soft' },
      'The command takes the session token from ',
      h('code', {}, '$TOKEN'),
      ':',
    ),
    renderCode(tokenCommand, { language: 'bash', label: 'The command that sets TOKEN' }),
    ...renderKeyNote(request),
    answer,
  )
  let isAnswered = false
  return {
    showAnswer({ status, milliseconds, body: answered }: Exchange) {
      isAnswered = true
      outcome.textContent = `answered ${status} in ${Math.round(milliseconds)} ms`
      answer.hidden = answered === undefined
      answer.append(renderCode(JSON.stringify(answered, null, 2) ?? '', { language: 'json', label: 'JSON' }))
    },
    /** Says that no answer arrived, unless one did. */
    showFailure() {
      if (!isAnswered) outcome.textContent = 'not answered'
    },
  }
}

function renderKeyNote({ headers }: ApiRequest): HTMLElement[] {
  if (!headers) return []
  const text =
    'The page also sends this header, so that a repetition after a lost answer costs no second credit: '
  return [h('p', { class: 'small soft' }, text, h('code', {}, 'Idempotency-Key'))]
}
