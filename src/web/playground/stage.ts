import { byId, h, moveFocus } from '../dom.ts'
import type { Challenge } from './api.ts'
import { renderChallenge } from './challenge.ts'
import { renderError } from './errors.ts'

/** Shows the progress of a generation, then the challenge or an error. `again` generates another challenge. */
export function createStage(again: () => void) {
  const stage = byId('stage', HTMLElement)
  let clock: ReturnType<typeof setInterval> | undefined

  function show(content: HTMLElement) {
    clearInterval(clock)
    stage.hidden = false
    stage.replaceChildren(content)
  }

  return {
    clear() {
      clearInterval(clock)
      stage.hidden = true
      stage.replaceChildren()
    },

    /** Shows that a challenge is being generated, with the seconds since the start. */
    showProgress(difficulty: string) {
      const started = performance.now()
      const seconds = h('span', { class: 'seconds', 'aria-hidden': 'true' }, '0 s')
      const heading = h('h2', { tabindex: '-1' }, `Generating: ${difficulty}`)
      const bar = h('div', { class: 'progress', 'aria-hidden': 'true' })
      const hadFocus = stage.contains(document.activeElement)
      show(h('div', { class: 'card' }, h('div', { class: 'row', role: 'status' }, heading, seconds), bar))
      clock = setInterval(() => {
        seconds.textContent = `${Math.floor((performance.now() - started) / 1000)} s`
      }, 250)
      if (hadFocus) moveFocus(heading)
    },

    showChallenge(challenge: Challenge) {
      const card = renderChallenge(challenge, h('button', { type: 'button', click: again }, 'Next challenge'))
      show(card)
      const heading = card.querySelector('h2')
      if (heading) moveFocus(heading)
    },

    showError(error: unknown) {
      const retry = h('button', { type: 'button', click: again }, 'Try again')
      const hadFocus = stage.contains(document.activeElement)
      show(h('div', { class: 'card stack' }, renderError(error), h('p', {}, retry)))
      if (hadFocus) moveFocus(retry)
    },
  }
}
