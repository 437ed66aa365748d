import { type Html, html } from '../pages/html.ts'
import { problemCodes } from '../problem.ts'

/** Text with code in backticks; the code of a problem leads to what is said about it. */
export function rich(text = ''): Html {
  const parts = text.split('`').map((part, index) => {
    if (index % 2 === 0) return part
    const code = html`<code>${part}</code>`
    return problemCodes.some((known) => known === part) ? html`<a href="#${part}">${code}</a>` : code
  })
  return html`${parts}`
}

/** A value as JSON to look at. */
export function jsonBlock(value: unknown, label: string): Html {
  return codeBlock(JSON.stringify(value, null, 2), label)
}

/** Code that can be scrolled by keyboard too. */
function codeBlock(code: string, label: string): Html {
  return html`<pre tabindex="0" role="region" aria-label="${label}"><code>${code}</code></pre>`
}

/** Code that can be copied. */
export function copyable(code: string, label: string): Html {
  return html`<div class="copyable">${codeBlock(code, label)}</div>`
}
