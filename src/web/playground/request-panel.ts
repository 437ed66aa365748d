import { renderCopyable } from '../copy.ts'
import { toCurl } from '../curl.ts'
import { byId, h } from '../dom.ts'
import type { Answered } from './api.ts'
import { renderCode } from './markdown.ts'

/** Shows a request as a curl command, and its answer. `tokenCommand` is a shell command that sets `$TOKEN`. */
export function showRequest({ request, status, milliseconds, body }: Answered, tokenCommand: string) {
  const { method, path } = request
  const command = toCurl({ ...request, url: location.origin + path, signedIn: true })
  byId('request', HTMLElement).hidden = false
  byId('request-shown', HTMLElement).replaceChildren(
    h(
      'p',
      { class: 'row' },
      h('code', {}, `${method} ${path}`),
      h('span', { class: 'small soft' }, `answered ${status} in ${Math.round(milliseconds)} ms`),
    ),
    renderCopyable(command, 'The request as a curl command'),
    h(
      'p',
      { class: 'small soft' },
      'The command takes the session token from ',
      h('code', {}, '$TOKEN'),
      ':',
    ),
    renderCopyable(tokenCommand, 'The command that sets TOKEN'),
    h('details', {}, h('summary', {}, 'Answer'), renderCode(JSON.stringify(body, null, 2), 'JSON')),
  )
}
