type Child = Node | string | false | undefined
type Properties = Record<string, string | boolean | ((event: Event) => void)>

/**
 * An element. Functions become listeners (`click: …`), everything else attributes; text becomes text nodes, so that
 * nothing that comes from a challenge is ever read as HTML.
 */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Properties = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === 'function') element.addEventListener(name, value)
    else if (value !== false) element.setAttribute(name, value === true ? '' : value)
  }
  element.append(...children.filter((child) => child !== false && child !== undefined))
  return element
}

/** The element of the page that has this id. */
export function byId<Type extends HTMLElement>(id: string, type: new () => Type): Type {
  const element = document.getElementById(id)
  if (!(element instanceof type)) throw new Error(`The page has no ${id}.`)
  return element
}

/** A moment as the reader writes it. */
export function time(iso: string): HTMLElement {
  const written = new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })
  return h('time', { datetime: iso }, written)
}

/** Moves the focus to where things go on. */
export function focusOn(element: HTMLElement) {
  element.focus({ preventScroll: true })
  element.scrollIntoView({ block: 'nearest' })
}
