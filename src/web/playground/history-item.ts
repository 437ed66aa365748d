import { h } from '../dom.ts'
import { renderAge } from '../time.ts'
import type { Listed } from './api.ts'
import { renderReportButton } from './challenge.ts'
import { labelSource, renderDifficulty, renderVerdict } from './labels.ts'
import { renderInline, renderMarkdown } from './markdown.ts'
import type { Report } from './report.ts'
import { renderMarkedOptions, renderReasons, toSolution } from './solution.ts'

export type ItemActions = {
  /** Shows a challenge in the stage: to answer it, or to practise it again. */
  open: (challenge: Listed) => void
  report: (challengeId: number) => Report
  /** The name of a topic. */
  nameTopic: (id: string) => string
}

/** Renders a challenge of the history. The solution of an unanswered challenge stays hidden. */
export function renderItem(challenge: Listed, actions: ItemActions): HTMLElement {
  const { title, topic, difficulty, answer, date_created, retired } = challenge
  const [question = ''] = title.split(/\n(?=\s*\n| {0,3}(?:```|~~~))/, 1)
  const details = h(
    'details',
    {},
    h(
      'summary',
      {},
      h('span', { class: 'title' }, ...renderInline(question)),
      h(
        'span',
        { class: 'labels small soft' },
        renderVerdict(answer),
        renderDifficulty(difficulty),
        topic !== null && h('span', { class: 'badge' }, actions.nameTopic(topic)),
        renderAge(date_created),
        h('span', {}, labelSource(challenge)),
        retired && h('span', { class: 'badge' }, 'withdrawn as faulty'),
      ),
    ),
  )
  const rest = title.slice(question.length)
  // Rendered on the first opening, because most challenges are never opened.
  details.addEventListener('toggle', () => details.append(renderDetails(rest, challenge, actions)), {
    once: true,
  })
  return h('li', {}, details)
}

/** Renders an opened challenge. `rest` is the Markdown after the question's first paragraph. */
function renderDetails(rest: string, challenge: Listed, { open, report }: ItemActions): HTMLElement {
  const { answer, options, retired } = challenge
  const solution = answer ? toSolution(challenge, answer.answer_id) : undefined
  const answered = solution && [
    renderMarkedOptions(challenge, solution),
    ...renderReasons(challenge, solution),
  ]
  const listed = options.map((text) =>
    h('li', { class: 'option' }, h('span', { class: 'option-text' }, text)),
  )
  return h(
    'div',
    { class: 'prose' },
    ...renderMarkdown(rest),
    ...(answered ?? [h('ul', { class: 'options' }, ...listed)]),
    h(
      'p',
      { class: 'buttons' },
      !retired &&
        h(
          'button',
          { type: 'button', click: () => open(challenge) },
          answer ? 'Practise again' : 'Answer it',
        ),
      renderReportButton(report(challenge.id)),
    ),
  )
}
