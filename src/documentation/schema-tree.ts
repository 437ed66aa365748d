import { type Html, html } from '../pages/html.ts'
import type { Schema } from './openapi.ts'
import { rich } from './words.ts'

/** The members of an object, and of what is inside them, as nested lists. */
export function schemaTree({ properties = {}, required = [] }: Schema): Html {
  const members = Object.entries(properties).map(([name, schema]) => {
    const inner = schema.items ?? schema
    return html`<li>
      <p><code class="name">${name}</code> <span class="type">${typeOf(schema)}</span>
        ${!required.includes(name) && html`<span class="soft small">optional</span>`}
        ${schema.deprecated && html`<span class="soft small">deprecated</span>`}</p>
      ${describes(schema) && html`<p class="soft small">${rich(schema.description)}</p>`}
      ${inner.properties && schemaTree(inner)}
    </li>`
  })
  return html`<ul class="tree">${members}</ul>`
}

type Described = { description?: string | undefined; enum?: string[] }

/** Whether a description says more than the words that may stand there. */
export function describes({ description, enum: words }: Described): boolean {
  return description !== undefined && !words?.every((word) => description.includes(word))
}

/** A schema's type in words, with what else it must be. */
export function typeOf(schema: Schema): string {
  const { type, format, enum: words, const: constant, items } = schema
  if (constant !== undefined) return JSON.stringify(constant)
  if (words) return words.map((word) => JSON.stringify(word)).join(' | ')
  const name = items ? `array of ${typeOf(items)}` : [type].flat().join(' or ')
  return [name + rangeOf(schema), format, defaultOf(schema)].filter(Boolean).join(', ')
}

function rangeOf({ minimum, maximum, minItems, maxItems }: Schema): string {
  const from = minimum ?? minItems
  const to = maximum ?? maxItems
  if (from === undefined && to === undefined) return ''
  if (from === to) return ` (${from})`
  return to === undefined ? ` (${from} or more)` : ` (${from ?? ''} to ${to})`
}

function defaultOf({ default: fallback }: Schema): string {
  return fallback === undefined ? '' : `${JSON.stringify(fallback)} by default`
}
