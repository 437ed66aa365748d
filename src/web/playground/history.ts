import { byId, focusOn, h, time } from '../dom.ts'
import type { ApiRequest, History, Listed } from './api.ts'
import { solvedChallenge, sources } from './challenge.ts'
import { errorBox } from './errors.ts'
import { renderInline } from './markdown.ts'

const pageSize = 10

type Call = (request: ApiRequest, shown: boolean) => Promise<History>

/** The user's challenges, a page at a time. */
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
    if (summary) focusOn(summary)
  })

  /** The first page again. */
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
      list.replaceChildren(...(after ? list.children : []), ...page.challenges.map(item))
      more.hidden = cursor === null
      container.replaceChildren(list.children.length > 0 ? list : empty(), more)
    } catch (error) {
      container.replaceChildren(list, more, errorBox(error))
    }
  }

  function empty(): HTMLElement {
    const what = filter.value ? `No ${filter.value} challenges yet.` : 'No challenges yet: generate one.'
    return h('p', { class: 'soft' }, what)
  }

  return { load }
}

function item(challenge: Listed): HTMLElement {
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
        time(challenge.date_created),
        ` · ${sources[challenge.source] ?? challenge.source}`,
      ),
    ),
  )
  // Most are never opened.
  details.addEventListener('toggle', () => details.append(solvedChallenge(rest, challenge)), { once: true })
  return h('li', {}, details)
}
