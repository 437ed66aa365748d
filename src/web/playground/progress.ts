import { byId, h } from '../dom.ts'
import type { Progress } from './api.ts'
import type { Call } from './client.ts'
import { renderError } from './errors.ts'
import { nameTopic, type Store } from './state.ts'

const listedDays = 30

/** Shows the user's score, streak and days with answers. */
export function createProgressPanel({ call, store }: { call: Call; store: Store }) {
  const panel = byId('progress', HTMLElement)
  panel.replaceChildren()

  async function load() {
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
    const query = new URLSearchParams({ timezone: timeZone })
    try {
      const progress = await call<Progress>({ method: 'GET', path: `/api/progress?${query}` })
      panel.replaceChildren(...renderProgress(progress, (topic) => nameTopic(store, topic)))
    } catch (error) {
      panel.replaceChildren(renderError(error))
    }
  }

  return { load }
}

function renderProgress(progress: Progress, name: (topic: string) => string): HTMLElement[] {
  const { answered, correct, streak, days } = progress
  const score = answered === 0 ? '–' : `${Math.round((100 * correct) / answered)} %`
  const isAnsweredToday = days.at(-1)?.date === toDate(new Date())
  return [
    h(
      'dl',
      { class: 'figures' },
      renderFigure('Streak', countDays(streak.current), `longest: ${countDays(streak.longest)}`),
      renderFigure('Score', score, `${correct} of ${answered} right`),
    ),
    h('p', { class: 'small soft' }, describeStreak(streak.current, isAnsweredToday)),
    renderDays(days),
    ...(answered > 0 ? [renderBreakdown(progress, name)] : []),
  ]
}

function renderFigure(name: string, value: string, more: string): HTMLElement {
  return h(
    'div',
    {},
    h('dt', { class: 'small soft' }, name),
    h('dd', {}, h('strong', {}, value), h('span', { class: 'small soft' }, more)),
  )
}

const countDays = (count: number) => (count === 1 ? '1 day' : `${count} days`)

function describeStreak(current: number, isAnsweredToday: boolean): string {
  if (isAnsweredToday) return 'Today counts. Come back tomorrow.'
  return current > 0
    ? 'Answer a challenge today to keep the streak.'
    : 'Answer a challenge to start a streak.'
}

/** Renders a bar for each of the last days. The label lists the days with answers for screen readers. */
function renderDays(days: Progress['days']): HTMLElement {
  const counts = new Map(days.map((day) => [day.date, day]))
  const now = new Date()
  const bars = Array.from({ length: listedDays }, (_, index) => {
    const date = new Date(now.getFullYear(), now.getMonth(), now.getDate() - (listedDays - 1 - index))
    const day = counts.get(toDate(date))
    const level = day ? Math.min(4, Math.ceil(day.answered / 3)) : 0
    const title = `${describeDate(date)}: ${day ? describeDay(day) : 'no answer'}`
    return h('span', { class: `day level-${level}`, title })
  })
  const listed = days.map((day) => `${describeDate(new Date(`${day.date}T12:00`))}: ${describeDay(day)}`)
  const label = `The last ${listedDays} days. ${listed.join('; ') || 'No answers'}.`
  return h(
    'figure',
    {},
    h('div', { class: 'days', role: 'img', 'aria-label': label }, ...bars),
    h(
      'figcaption',
      { class: 'row small soft' },
      h('span', {}, `${listedDays} days ago`),
      h('span', {}, 'today'),
    ),
  )
}

const describeDay = ({ answered, correct }: { answered: number; correct: number }) =>
  `${answered} answered, ${correct} right`

const describeDate = (date: Date) => date.toLocaleDateString('en', { day: 'numeric', month: 'short' })

/** Formats the local date of a time as the server writes dates. */
function toDate(time: Date): string {
  const pad = (number: number) => String(number).padStart(2, '0')
  return `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())}`
}

function renderBreakdown(
  { by_difficulty, by_topic }: Progress,
  name: (topic: string) => string,
): HTMLElement {
  const rows = [
    ...Object.entries(by_difficulty),
    ...Object.entries(by_topic).map(([topic, counts]) => [name(topic), counts] as const),
  ].filter(([, { answered }]) => answered > 0)
  return h(
    'details',
    {},
    h('summary', { class: 'small' }, 'By difficulty and topic'),
    h(
      'table',
      { class: 'small' },
      h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Questions'), h('th', { scope: 'col' }, 'Right'))),
      h(
        'tbody',
        {},
        ...rows.map(([label, { answered, correct }]) =>
          h('tr', {}, h('th', { scope: 'row' }, label), h('td', {}, `${correct} of ${answered}`)),
        ),
      ),
    ),
  )
}
