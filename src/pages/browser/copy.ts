import { h } from './dom.ts'

/** Code for a shell, with a button that copies it. */
export function copyable(code: string, label: string): HTMLElement {
  const block = h('pre', { tabindex: '0', role: 'region', 'aria-label': label }, h('code', {}, code))
  const container = h('div', { class: 'copyable' }, block)
  addCopyButton(container)
  return container
}

/** Gives a block of code a button that copies it. */
export function addCopyButton(container: HTMLElement) {
  const code = container.querySelector('code')
  const name = container.querySelector('pre')?.getAttribute('aria-label') ?? 'code'
  if (!code) return
  const button = h('button', { type: 'button', class: 'quiet' }, 'Copy')
  button.setAttribute('aria-label', `Copy: ${name}`)
  const said = h('span', { role: 'status', class: 'visually-hidden' })
  button.addEventListener('click', async () => {
    const copied = await copy(code)
    button.textContent = copied ? 'Copied' : 'Selected'
    said.textContent = copied ? 'Copied' : 'Selected: copy it with the keyboard'
    setTimeout(() => {
      button.textContent = 'Copy'
      said.textContent = ''
    }, 2000)
  })
  container.append(button, said)
}

/** Copies the text; where the browser does not allow that, selects it and returns false. */
async function copy(code: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(code.textContent ?? '')
    return true
  } catch {
    getSelection()?.selectAllChildren(code)
    return false
  }
}
