import { byId, focusOn, h } from '../dom.ts'
import type { Challenge } from './api.ts'
import { challengeCard } from './challenge.ts'
import { errorBox } from './errors.ts'

/** Where a challenge is waited for, shown and answered. `again` asks for one of the difficulty that is chosen. */
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

    /** Says that a challenge is on its way, and for how long it has been. */
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
      if (hadFocus) focusOn(heading)
    },

    showChallenge(challenge: Challenge) {
      const card = challengeCard(challenge, h('button', { type: 'button', click: again }, 'Next challenge'))
      show(card)
      const heading = card.querySelector('h2')
      if (heading) focusOn(heading)
    },

    showError(error: unknown) {
      const retry = h('button', { type: 'button', click: again }, 'Try again')
      const hadFocus = stage.contains(document.activeElement)
      show(h('div', { class: 'card stack' }, errorBox(error), h('p', {}, retry)))
      if (hadFocus) focusOn(retry)
    },
  }
}
