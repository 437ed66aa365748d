import { h, moveFocus } from '../dom.ts'
import type { Challenge } from './api.ts'
import { renderError } from './errors.ts'
import { labelSource, renderDifficulty } from './labels.ts'
import { renderMarkdown } from './markdown.ts'
import { openReport, type Report } from './report.ts'
import { markOptions, renderSolution, type Solution } from './solution.ts'

type Actions = {
  /** Answers the challenge. @throws ApiError */
  answer: (option: number) => Promise<Solution>
  /** Renders the button for the next challenge, and a hint. */
  renderNext: () => HTMLElement[]
  report: Report
}

type Labels = {
  /** The name of the topic. */
  topic: string | undefined
  /** Said above the question of a challenge that was answered before; else null. */
  note: HTMLElement | null
}

/** Renders a challenge to answer. After the answer, the solution and the button for the next challenge appear. */
export function renderChallenge(
  challenge: Challenge,
  actions: Actions,
  { topic, note }: Labels,
): HTMLElement {
  const { difficulty, title } = challenge
  const badge = topic !== undefined && h('span', { class: 'badge' }, topic)
  const labels = h(
    'p',
    { class: 'labels small soft' },
    badge,
    renderDifficulty(difficulty),
    labelSource(challenge),
  )
  return h(
    'article',
    { class: 'card challenge' },
    h('div', { class: 'row' }, h('h2', { tabindex: '-1' }, 'Challenge'), labels),
    note,
    h('div', { class: 'question prose' }, ...renderMarkdown(title)),
    renderForm(challenge, actions),
  )
}

function renderForm(challenge: Challenge, { answer, renderNext, report }: Actions): HTMLElement {
  const legend = h('legend', {}, 'Your answer')
  const fieldset = h('fieldset', { class: 'options' }, legend, ...challenge.options.map(renderOption))
  const result = h('div', { class: 'result', role: 'status' })
  const check = h('button', { class: 'primary' }, 'Check the answer')
  const hint = renderKeys()
  const form = h(
    'form',
    {},
    fieldset,
    result,
    h('div', { class: 'row actions' }, check, hint, renderReportButton(report)),
  )
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    if (check.getAttribute('aria-disabled') === 'true') return
    check.setAttribute('aria-disabled', 'true')
    try {
      const solution = await answer(Number(new FormData(form).get('option')))
      markOptions(fieldset, solution)
      const heading = renderSolution(result, challenge, solution)
      hint.remove()
      check.replaceWith(...renderNext())
      moveFocus(heading)
    } catch (error) {
      check.setAttribute('aria-disabled', 'false')
      result.replaceChildren(renderError(error))
    }
  })
  return form
}

function renderKeys(): HTMLElement {
  const [first, last, enter] = ['1', '4', 'Enter'].map((key) => h('kbd', {}, key))
  return h('p', { class: 'small soft keys' }, 'Keys: ', first, '–', last, ' choose, ', enter, ' checks')
}

export function renderReportButton(report: Report): HTMLElement {
  return h('button', { type: 'button', class: 'quiet', click: () => openReport(report) }, 'Report a problem')
}

function renderOption(text: string, index: number): HTMLElement {
  return h(
    'label',
    { class: 'option' },
    h('input', { type: 'radio', name: 'option', value: String(index), required: true }),
    h('span', { class: 'option-text' }, text),
    h('kbd', { 'aria-hidden': 'true' }, String(index + 1)),
  )
}
