import { h, moveFocus } from '../dom.ts'
import type { Challenge } from './api.ts'
import { renderMarkdown } from './markdown.ts'

/** The label of each source. */
export const sources: Record<string, string> = { ai: 'by the model', bank: 'from the bank' }

/** Renders a challenge to answer. The button `next` appears after the answer. */
export function renderChallenge(challenge: Challenge, next: HTMLElement): HTMLElement {
  const { difficulty, title, options, source } = challenge
  const fieldset = h(
    'fieldset',
    { class: 'options' },
    h('legend', {}, 'Your answer'),
    ...options.map(renderOption),
  )
  const result = h('div', { class: 'result', role: 'status' })
  const check = h('button', { class: 'primary' }, 'Check the answer')
  const form = h('form', {}, fieldset, check)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const chosen = Number(new FormData(form).get('option'))
    check.remove()
    markOptions(fieldset, challenge.correct_answer_id, chosen)
    showResult(result, challenge, chosen)
    next.hidden = false
  })
  next.hidden = true
  return h(
    'div',
    { class: 'card challenge' },
    h(
      'div',
      { class: 'row' },
      h('h2', { tabindex: '-1' }, 'Challenge'),
      h(
        'p',
        { class: 'small soft' },
        h('span', { class: 'badge' }, difficulty),
        ` ${sources[source] ?? source}`,
      ),
    ),
    h('div', { class: 'question prose' }, ...renderMarkdown(title)),
    form,
    result,
    next,
  )
}

function renderOption(text: string, index: number): HTMLElement {
  return h(
    'label',
    { class: 'option' },
    h('input', { type: 'radio', name: 'option', value: String(index), required: true }),
    h('span', { class: 'option-text' }, text),
  )
}

/** Disables the options and labels the right option and the chosen one. */
function markOptions(fieldset: HTMLFieldSetElement, correct: number, chosen?: number) {
  fieldset.disabled = true
  for (const [index, label] of [...fieldset.querySelectorAll('label')].entries()) {
    if (index === correct) label.append(h('span', { class: 'verdict' }, '✓ Right answer'))
    else if (index === chosen) label.append(h('span', { class: 'verdict' }, '✗ Your answer'))
    label.classList.toggle('right', index === correct)
    label.classList.toggle('wrong', index === chosen && index !== correct)
  }
}

function showResult(result: HTMLElement, { correct_answer_id, explanation }: Challenge, chosen: number) {
  const right = chosen === correct_answer_id
  const heading = h('h3', { tabindex: '-1' }, right ? 'Right' : 'Not quite')
  result.classList.add(right ? 'right' : 'wrong')
  result.replaceChildren(heading, h('div', { class: 'prose' }, ...renderMarkdown(explanation)))
  moveFocus(heading)
}

/** Renders a challenge of the history with its answer. `rest` is the Markdown after the question's first paragraph. */
export function renderSolved(rest: string, challenge: Challenge): HTMLElement {
  const { options, correct_answer_id, explanation } = challenge
  const listed = options.map((text, index) =>
    h(
      'li',
      { class: index === correct_answer_id ? 'option right' : 'option' },
      h('span', { class: 'option-text' }, text),
      index === correct_answer_id && h('span', { class: 'verdict' }, '✓ Right answer'),
    ),
  )
  return h(
    'div',
    { class: 'prose' },
    ...renderMarkdown(rest),
    h('ul', { class: 'options' }, ...listed),
    ...renderMarkdown(explanation),
  )
}
