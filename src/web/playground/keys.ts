const typing = 'input:not([type="radio"]), textarea, select, [contenteditable]'
/** Elements that handle Enter themselves. */
const activated = `${typing}, input, button, a, summary, pre`

/**
 * Chooses an option of the shown challenge by the keys 1 to 4, and presses its button by Enter, unless the user types
 * in a field or uses another part of the page.
 */
export function listenForKeys(stage: HTMLElement, signal: AbortSignal) {
  document.addEventListener(
    'keydown',
    (event) => {
      const { target, key, repeat } = event
      if (!(target instanceof Element) || repeat || event.ctrlKey || event.altKey || event.metaKey) return
      const isHere = target === document.body || stage.contains(target)
      if (!isHere || document.querySelector('dialog[open]')) return
      if (/^[1-4]$/.test(key) && !target.matches(typing)) chooseOption(stage, Number(key) - 1)
      if (key === 'Enter' && !target.closest(activated)) pressButton(stage, event)
    },
    { signal },
  )
}

function chooseOption(stage: HTMLElement, index: number) {
  const option = stage.querySelectorAll<HTMLInputElement>('input[name="option"]:enabled')[index]
  if (!option) return
  option.checked = true
  option.focus()
}

function pressButton(stage: HTMLElement, event: Event) {
  const button = stage.querySelector<HTMLButtonElement>('button.primary')
  if (!button) return
  event.preventDefault()
  button.click()
}
