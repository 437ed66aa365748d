import { h, moveFocus } from '../dom.ts'
import { renderError } from './errors.ts'

/** Sends a report. @throws ApiError */
export type Report = (report: { reason: string; comment?: string }) => Promise<unknown>

const maxLength = 500

const reasons = {
  wrong_key: 'The marked answer is wrong',
  unclear: 'The question is unclear',
  broken: 'The text or code is broken',
  repeat: 'I have had this question before',
  other: 'Something else',
}

/** Opens a dialog for a report. The browser returns the focus when the dialog closes. */
export function openReport(send: Report) {
  const close = () => dialog.close()
  const errors = h('div', {})
  const comment = h('textarea', {
    id: 'report-comment',
    rows: '4',
    maxlength: String(maxLength),
    'aria-describedby': 'report-hint',
  })
  const sendButton = h('button', { class: 'primary' }, 'Send the report')
  const form = h(
    'form',
    { class: 'stack' },
    h('h2', { id: 'report-title' }, 'Report a problem'),
    h(
      'fieldset',
      { class: 'reasons' },
      h('legend', {}, 'What is wrong?'),
      ...Object.entries(reasons).map(renderReason),
    ),
    h(
      'p',
      { class: 'field' },
      h('label', { for: 'report-comment' }, 'Comment (optional)'),
      comment,
      h(
        'span',
        { id: 'report-hint', class: 'small soft' },
        `Up to ${maxLength} characters. Only the operator of the server reads it.`,
      ),
    ),
    errors,
    h('p', { class: 'buttons' }, sendButton, h('button', { type: 'button', click: close }, 'Cancel')),
  )
  const dialog = h('dialog', { class: 'card', 'aria-labelledby': 'report-title' }, form)
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    if (sendButton.getAttribute('aria-disabled') === 'true') return
    sendButton.setAttribute('aria-disabled', 'true')
    const text = comment.value.trim()
    try {
      await send({ reason: String(new FormData(form).get('reason')), ...(text && { comment: text }) })
      showThanks(dialog)
    } catch (error) {
      errors.replaceChildren(renderError(error))
      sendButton.setAttribute('aria-disabled', 'false')
    }
  })
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
}

function renderReason([value, label]: [string, string]): HTMLElement {
  return h('label', {}, h('input', { type: 'radio', name: 'reason', value, required: true }), ` ${label}`)
}

function showThanks(dialog: HTMLDialogElement) {
  const heading = h('h2', { id: 'report-title', tabindex: '-1' }, 'Thank you')
  dialog.replaceChildren(
    h(
      'div',
      { class: 'stack' },
      heading,
      h('p', {}, 'The report was sent. A later report on this challenge replaces it.'),
      h('button', { type: 'button', class: 'primary', click: () => dialog.close() }, 'Close'),
    ),
  )
  moveFocus(heading)
}
