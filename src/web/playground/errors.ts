import { h } from '../dom.ts'
import { ApiError } from './api.ts'

/** Renders an error as an alert with the server's `detail`. The code links to the documentation if there is one. */
export function renderError(error: unknown): HTMLElement {
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
