import { byId, h } from '../dom.ts'
import { describeMoment } from '../time.ts'
import type { Quota } from './api.ts'
import type { Call } from './client.ts'
import { renderError } from './errors.ts'
import type { Store } from './state.ts'

type Parts = { call: Call; store: Store; ended: AbortSignal }

/** The minimum pause between requests, in milliseconds, in case the local clock is ahead of the server's. */
const minPauseMs = 3000

/** Shows the credits left, and loads them again when new ones are due. */
export function createQuotaPanel({ call, store, ended }: Parts) {
  const panel = byId('quota', HTMLElement)
  let askAt = Number.POSITIVE_INFINITY
  const timer = setInterval(() => {
    if (Date.now() >= askAt) void load()
  }, 1000)
  ended.addEventListener('abort', () => clearInterval(timer))
  panel.replaceChildren()

  async function load(shown = false) {
    askAt = Number.POSITIVE_INFINITY
    try {
      const quota = await call<Quota>({ method: 'GET', path: '/api/quota' }, { shown })
      askAt = Math.max(Date.parse(quota.next_reset_date), Date.now() + minPauseMs)
      store.set({ quota })
      panel.replaceChildren(...renderQuota(quota))
    } catch (error) {
      panel.replaceChildren(renderError(error))
    }
  }

  return { load }
}

function renderQuota({ quota_remaining: left, quota_limit: limit, next_reset_date: reset }: Quota) {
  return [
    renderMeter(left, limit),
    h(
      'p',
      { class: 'small' },
      h('strong', {}, String(left)),
      ` of ${limit} credits left`,
      h(
        'span',
        { class: 'soft' },
        ' · new ones ',
        h('time', { datetime: reset }, describeMoment(Date.parse(reset), Date.now())),
      ),
    ),
  ]
}

function renderMeter(left: number, limit: number): HTMLElement {
  const fill = h('span')
  // The policy forbids the attribute `style`, and allows this property.
  fill.style.inlineSize = `${(100 * left) / Math.max(limit, 1)}%`
  const values = { 'aria-valuemin': '0', 'aria-valuemax': String(limit), 'aria-valuenow': String(left) }
  return h('span', { class: 'meter', role: 'meter', 'aria-label': 'Credits left', ...values }, fill)
}
