import { byId, h, moveFocus } from '../dom.ts'
import type { History, Listed } from './api.ts'
import type { Call } from './client.ts'
import { renderError } from './errors.ts'
import { fillTopics } from './generate-form.ts'
import { type ItemActions, renderItem } from './history-item.ts'
import type { Store } from './state.ts'

const pageSize = 10

type Parts = { call: Call; store: Store; actions: ItemActions; ended: AbortSignal }

/** Shows the user's challenges page by page, filtered by topic, answer and difficulty. */
export function createHistory({ call, store, actions, ended }: Parts) {
  const container = byId('history', HTMLElement)
  const form = byId('filters', HTMLFormElement)
  const list = h('ol', { class: 'history' })
  const more = h('button', { type: 'button', class: 'quiet' }, 'Show older')
  let cursor: string | null = null
  /** The newest request for a page. Older answers are dropped. */
  let newest: object | undefined

  container.replaceChildren()
  form.reset()
  form.addEventListener('change', () => void load(true), { signal: ended })
  form.addEventListener('submit', (event) => event.preventDefault(), { signal: ended })
  store.subscribe(({ topics }) => fillTopics(byId('filter-topic', HTMLSelectElement), topics, 'All'))
  more.addEventListener('click', async () => {
    const known = list.children.length
    await loadPage(cursor, true)
    const summary = list.children[known]?.querySelector('summary')
    if (summary) moveFocus(summary)
  })

  /** Loads the first page. `shown`: the request panel shows the request. */
  async function load(shown = false) {
    await loadPage(null, shown)
  }

  async function loadPage(after: string | null, shown: boolean) {
    const own = {}
    newest = own
    const query = new URLSearchParams({ limit: String(pageSize), ...readFilters(form) })
    if (after) query.set('cursor', after)
    try {
      const page = await call<History>({ method: 'GET', path: `/api/my-history?${query}` }, { shown })
      if (newest === own) showPage(page, after !== null)
    } catch (error) {
      if (newest === own) container.replaceChildren(list, more, renderError(error))
    }
  }

  function showPage({ challenges, next_cursor }: History, isMore: boolean) {
    cursor = next_cursor
    const items = challenges.map((challenge: Listed) => renderItem(challenge, actions))
    list.replaceChildren(...(isMore ? list.children : []), ...items)
    more.hidden = cursor === null
    const isFiltered = Object.keys(readFilters(form)).length > 0
    container.replaceChildren(list.children.length > 0 ? list : renderEmpty(isFiltered), more)
  }

  return { load }
}

/** Returns the filters that are set, as query parameters. */
function readFilters(form: HTMLFormElement): Record<string, string> {
  const entries = [...new FormData(form)].map(([name, value]) => [name, String(value)] as const)
  return Object.fromEntries(entries.filter(([, value]) => value !== ''))
}

function renderEmpty(isFiltered: boolean): HTMLElement {
  const text = isFiltered ? 'No challenges like this.' : 'No challenges yet: generate one.'
  return h('p', { class: 'soft' }, text)
}
