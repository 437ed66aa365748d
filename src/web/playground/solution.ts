import { h } from '../dom.ts'
import type { Challenge } from './api.ts'
import { renderMarkdown } from './markdown.ts'

/** The chosen option of a challenge, and the solution. */
export type Solution = {
  chosen: number
  right: number
  explanation: string
  notes: (string | null)[] | null
  /** Said about the answer, if there is more to say than right or wrong. */
  remark?: string
}

/** Returns the solution of a challenge if the server has revealed it. */
export function toSolution(challenge: Challenge, chosen: number): Solution | undefined {
  const { correct_answer_id: right, explanation, option_notes: notes } = challenge
  return right === null || explanation === null ? undefined : { chosen, right, explanation, notes }
}

/** Disables the options of a form, and labels the right option and the chosen one. */
export function markOptions(fieldset: HTMLFieldSetElement, { chosen, right }: Solution) {
  fieldset.disabled = true
  for (const [index, label] of [...fieldset.querySelectorAll('label')].entries()) {
    const radio = label.querySelector('input')
    if (radio) radio.checked = index === chosen
    label.classList.toggle('right', index === right)
    label.classList.toggle('wrong', index === chosen && index !== right)
    label.append(...renderMark(index, chosen, right))
  }
}

function renderMark(index: number, chosen: number, right: number): HTMLElement[] {
  if (index === right)
    return [h('span', { class: 'verdict' }, chosen === right ? '✓ Your answer' : '✓ Right answer')]
  return index === chosen ? [h('span', { class: 'verdict' }, '✗ Your answer')] : []
}

/** Renders the options of an answered challenge. */
export function renderMarkedOptions({ options }: Challenge, { chosen, right }: Solution): HTMLElement {
  const items = options.map((text, index) => {
    const mark = index === right ? ' right' : index === chosen ? ' wrong' : ''
    return h(
      'li',
      { class: `option${mark}` },
      h('span', { class: 'option-text' }, text),
      ...renderMark(index, chosen, right),
    )
  })
  return h('ul', { class: 'options' }, ...items)
}

/** Shows the solution in `result`. Returns its heading. */
export function renderSolution(result: HTMLElement, challenge: Challenge, solution: Solution): HTMLElement {
  const isRight = solution.chosen === solution.right
  const heading = h('h3', { tabindex: '-1' }, isRight ? 'Right' : 'Not quite')
  result.classList.add(isRight ? 'right' : 'wrong')
  result.replaceChildren(
    heading,
    ...(solution.remark ? [h('p', { class: 'soft' }, solution.remark)] : []),
    ...renderReasons(challenge, solution),
  )
  return heading
}

/** Renders the explanation, and the notes on the wrong options; the note on the chosen option comes first. */
export function renderReasons(
  { options }: Challenge,
  { chosen, explanation, notes }: Solution,
): HTMLElement[] {
  const noted = options
    .map((text, index) => ({ text, index, note: notes?.[index] }))
    .filter(({ note }) => note)
    .sort((one, other) => Number(other.index === chosen) - Number(one.index === chosen))
  const items = noted.flatMap(({ text, index, note }) => [
    h(
      'dt',
      {},
      h('span', { class: 'option-text' }, text),
      index === chosen && h('span', { class: 'small soft' }, ' – your answer'),
    ),
    h('dd', { class: 'prose' }, ...renderMarkdown(note ?? '')),
  ])
  const parts = [h('div', { class: 'prose' }, ...renderMarkdown(explanation))]
  if (items.length > 0) {
    parts.push(
      h('div', { class: 'notes' }, h('h3', {}, 'Why the other options are wrong'), h('dl', {}, ...items)),
    )
  }
  return parts
}
