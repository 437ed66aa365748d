import { h } from '../dom.ts'
import { describeMoment } from '../time.ts'
import type { State, Store } from './state.ts'

/** The class of all buttons that generate a challenge. */
const generates = 'generates'

/** Whether no challenge can be generated now: a generation is in flight, or no credits are left. */
const isBlocked = ({ quota, generating }: State) => generating || quota?.quota_remaining === 0

/** Says that no credits are left, and when new ones come. Empty while there are credits. */
export function describeShortage({ quota }: State): string {
  if (quota?.quota_remaining !== 0) return ''
  return `No credits left. New ones come ${describeMoment(Date.parse(quota.next_reset_date), Date.now())}.`
}

/** Disables the shown buttons while no challenge can be generated. `disabled` would remove the focus from a button. */
export function updateGenerateButtons(state: State) {
  for (const button of document.querySelectorAll(`button.${generates}`))
    button.setAttribute('aria-disabled', String(isBlocked(state)))
}

/** Renders the button for the next challenge, and beside it the key that presses it, or why it is disabled. */
export function renderNext(store: Store, onNext: () => void): HTMLElement[] {
  const state = store.get()
  const shortage = describeShortage(state)
  const disabled = String(isBlocked(state))
  const properties = {
    type: 'button',
    class: `primary ${generates}`,
    'aria-disabled': disabled,
    click: onNext,
  }
  return [
    h('button', properties, 'Next challenge'),
    shortage
      ? h('p', { class: 'small' }, shortage)
      : h('p', { class: 'small soft keys' }, h('kbd', {}, 'Enter'), ' continues'),
  ]
}
