import { h } from '../dom.ts'
import { ApiError } from './api.ts'

/** An error in the server's own words, announced at once, with its code where that is explained. */
export function errorBox(error: unknown): HTMLElement {
  const { message, code, type } = error instanceof ApiError ? error : new ApiError(String(error))
  const documented =
    document.querySelector('main')?.dataset.documented === 'true' && type.startsWith('/openapi#')
  const name = h('code', {}, code)
  return h(
    'div',
    { class: 'error', role: 'alert' },
    h('p', {}, message),
    code !== '' && h('p', { class: 'small' }, documented ? h('a', { href: type }, name) : name),
  )
}
