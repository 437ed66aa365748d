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
  /** Generates the next challenge. */
  next: () => void
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
  const { difficulty, title, source } = challenge
  const badge = topic !== undefined && h('span', { class: 'badge' }, topic)
  const labels = h(
    'p',
    { class: 'labels small soft' },
    badge,
    renderDifficulty(difficulty),
    labelSource(source),
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

function renderForm(challenge: Challenge, { answer, next, report }: Actions): HTMLElement {
  const legend = h('legend', {}, 'Your answer')
  const fieldset = h('fieldset', { class: 'options' }, legend, ...challenge.options.map(renderOption))
  const result = h('div', { class: 'result', role: 'status' })
  const check = h('button', { class: 'primary' }, 'Check the answer')
  const hint = renderKeys('Keys: ', ['1'], '–', ['4'], ' choose, ', ['Enter'], ' checks')
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
      check.replaceWith(h('button', { type: 'button', class: 'primary', click: next }, 'Next challenge'))
      hint.replaceWith(renderKeys(['Enter'], ' continues'))
      moveFocus(heading)
    } catch (error) {
      check.setAttribute('aria-disabled', 'false')
      result.replaceChildren(renderError(error))
    }
  })
  return form
}

/** Renders a hint; the names of keys are in arrays. */
function renderKeys(...words: (string | [key: string])[]): HTMLElement {
  const parts = words.map((word) => (typeof word === 'string' ? word : h('kbd', {}, ...word)))
  return h('p', { class: 'small soft keys' }, ...parts)
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
