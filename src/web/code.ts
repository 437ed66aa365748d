import { h } from './dom.ts'
import { highlight } from './highlight.ts'

/** Renders code under a bar with its language or label and a copy button. The code can take the focus to be scrolled. */
export function renderCode(code: string, { language = '', label = '' } = {}): HTMLElement {
  const name = label || (language ? `Code, ${language}` : 'Code')
  const shown = h('code', {}, ...highlight(code, language))
  const button = h('button', { type: 'button', class: 'quiet', 'aria-label': `Copy: ${name}` }, 'Copy')
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
  return h(
    'div',
    { class: 'code' },
    h('div', { class: 'code-bar' }, h('span', { class: 'small soft' }, label || language), button, announced),
    h('pre', { tabindex: '0', role: 'group', 'aria-label': name }, shown),
  )
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
