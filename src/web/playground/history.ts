import { byId, h, moveFocus, renderTime } from '../dom.ts'
import type { ApiRequest, History, Listed } from './api.ts'
import { renderSolved, sources } from './challenge.ts'
import { renderError } from './errors.ts'
import { renderInline } from './markdown.ts'

const pageSize = 10

type Call = (request: ApiRequest, shown: boolean) => Promise<History>

/** Shows the user's challenges page by page. */
export function createHistory(call: Call) {
  const container = byId('history', HTMLElement)
  const filter = byId('filter', HTMLSelectElement)
  const list = h('ol', { class: 'history' })
  const more = h('button', { type: 'button', class: 'quiet' }, 'Show older')
  let cursor: string | null = null

  filter.addEventListener('change', () => void load(true))
  more.addEventListener('click', async () => {
    const known = list.children.length
    await loadPage(cursor, true)
    const summary = list.children[known]?.querySelector('summary')
    if (summary) moveFocus(summary)
  })

  /** Loads the first page. `shown`: the request panel shows the request. */
  async function load(shown: boolean) {
    await loadPage(null, shown)
  }

  async function loadPage(after: string | null, shown: boolean) {
    const query = new URLSearchParams({ limit: String(pageSize) })
    if (filter.value) query.set('difficulty', filter.value)
    if (after) query.set('cursor', after)
    try {
      const page = await call({ method: 'GET', path: `/api/my-history?${query}` }, shown)
      cursor = page.next_cursor
      list.replaceChildren(...(after ? list.children : []), ...page.challenges.map(renderItem))
      more.hidden = cursor === null
      container.replaceChildren(list.children.length > 0 ? list : renderEmpty(), more)
    } catch (error) {
      container.replaceChildren(list, more, renderError(error))
    }
  }

  function renderEmpty(): HTMLElement {
    const text = filter.value ? `No ${filter.value} challenges yet.` : 'No challenges yet: generate one.'
    return h('p', { class: 'soft' }, text)
  }

  return { load }
}

function renderItem(challenge: Listed): HTMLElement {
  const [question = ''] = challenge.title.split(/\n(?=\s*\n| {0,3}(?:```|~~~))/, 1)
  const rest = challenge.title.slice(question.length)
  const details = h(
    'details',
    {},
    h(
      'summary',
      {},
      h('span', { class: 'title' }, ...renderInline(question)),
      h(
        'span',
        { class: 'small soft' },
        h('span', { class: 'badge' }, challenge.difficulty),
        ' ',
        renderTime(challenge.date_created),
        ` · ${sources[challenge.source] ?? challenge.source}`,
      ),
    ),
  )
  // Rendered on the first opening, because most challenges are never opened.
  details.addEventListener('toggle', () => details.append(renderSolved(rest, challenge)), { once: true })
  return h('li', {}, details)
}
