import { h } from './dom.ts'

/** Renders a shell command with a copy button. */
export function renderCopyable(code: string, label: string): HTMLElement {
  const shown = h('code', {}, code)
  const block = h('pre', { tabindex: '0', role: 'region', 'aria-label': label }, shown)
  const button = h('button', { type: 'button', class: 'quiet', 'aria-label': `Copy: ${label}` }, 'Copy')
  const announced = h('span', { role: 'status', class: 'visually-hidden' })
  button.addEventListener('click', async () => {
    const copied = await copy(shown)
    button.textContent = copied ? 'Copied' : 'Selected'
    announced.textContent = copied ? 'Copied' : 'Selected: copy it with the keyboard'
    setTimeout(() => {
      button.textContent = 'Copy'
      announced.textContent = ''
    }, 2000)
  })
  return h('div', { class: 'copyable' }, block, button, announced)
}

/** Copies the text. Selects the text and returns `false` if the browser denies access to the clipboard. */
async function copy(code: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(code.textContent ?? '')
    return true
  } catch {
    getSelection()?.selectAllChildren(code)
    return false
  }
}
