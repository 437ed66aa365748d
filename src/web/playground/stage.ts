import { byId, h, moveFocus } from '../dom.ts'
import { renderError } from './errors.ts'

export type Stage = ReturnType<typeof createStage>

/** The part of the page for the challenge, its progress and its errors. `again` generates another challenge. */
export function createStage(again: () => void) {
  const stage = byId('stage', HTMLElement)
  let clock: ReturnType<typeof setInterval> | undefined

  function show(content: HTMLElement) {
    clearInterval(clock)
    stage.hidden = false
    stage.replaceChildren(content)
  }

  /** Shows a message with a button. The focus moves to the button if it was in the replaced content. */
  function showMessage(message: HTMLElement, label: string, action: () => void) {
    const button = h('button', { type: 'button', click: action }, label)
    const hadFocus = stage.contains(document.activeElement)
    show(h('div', { class: 'card stack' }, message, h('p', {}, button)))
    if (hadFocus) moveFocus(button)
  }

  return {
    clear() {
      clearInterval(clock)
      stage.hidden = true
      stage.replaceChildren()
    },

    /** Shows that a challenge is being generated, with the seconds since the start. */
    showProgress(description: string, cancel: () => void) {
      const started = performance.now()
      const seconds = h('span', { class: 'seconds soft', 'aria-hidden': 'true' }, '0 s')
      const heading = h('h2', { tabindex: '-1' }, `Generating: ${description}`)
      const bar = h('div', { class: 'progress-bar', 'aria-hidden': 'true' })
      const hadFocus = stage.contains(document.activeElement)
      show(
        h(
          'div',
          { class: 'card stack' },
          h('div', { class: 'row', role: 'status' }, heading, seconds),
          bar,
          h('button', { type: 'button', click: cancel }, 'Cancel'),
        ),
      )
      clock = setInterval(() => {
        seconds.textContent = `${Math.floor((performance.now() - started) / 1000)} s`
      }, 250)
      if (hadFocus) moveFocus(heading)
    },

    /** Shows a rendered challenge, and moves the focus to its heading. */
    showCard(card: HTMLElement) {
      show(card)
      const heading = card.querySelector('h2')
      if (heading) moveFocus(heading)
    },

    showCancelled() {
      const text =
        'Cancelled. If the server finishes the challenge all the same, it waits in your history, and the next ' +
        'request for the same topic and difficulty shows it without a second credit.'
      showMessage(h('p', { role: 'status' }, text), 'Generate again', again)
    },

    /** Shows an error with a button that calls `retry`. */
    showError: (error: unknown, retry = again) => showMessage(renderError(error), 'Try again', retry),
  }
}
