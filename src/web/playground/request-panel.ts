import { copyable } from '../copy.ts'
import { curlOf } from '../curl.ts'
import { byId, h } from '../dom.ts'
import type { Answered } from './api.ts'
import { codeBlock } from './markdown.ts'

/** Shows a request as a command to repeat it, and what was answered. `tokenCommand` sets `$TOKEN`. */
export function showRequest({ request, status, milliseconds, body }: Answered, tokenCommand: string) {
  const { method, path } = request
  const command = curlOf({ ...request, url: location.origin + path, signedIn: true })
  byId('request', HTMLElement).hidden = false
  byId('request-shown', HTMLElement).replaceChildren(
    h(
      'p',
      { class: 'row' },
      h('code', {}, `${method} ${path}`),
      h('span', { class: 'small soft' }, `answered ${status} in ${Math.round(milliseconds)} ms`),
    ),
    copyable(command, 'The request as a curl command'),
    h('p', { class: 'small soft' }, 'It takes the session token from ', h('code', {}, '$TOKEN'), ':'),
    copyable(tokenCommand, 'The command that sets TOKEN'),
    h('details', {}, h('summary', {}, 'What was answered'), codeBlock(JSON.stringify(body, null, 2), 'JSON')),
  )
}
