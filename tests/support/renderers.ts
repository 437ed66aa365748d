import { HtmlRenderer, Parser } from 'commonmark'
import MarkdownIt from 'markdown-it'
import { Marked } from 'marked'
import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'

/** Renders Markdown, with raw HTML if the library supports that. */
type Render = (markdown: string) => string

const commonmark = new Parser()
const html = new HtmlRenderer()
const plain = new MarkdownIt({ html: true })
const linked = new MarkdownIt({ html: true, linkify: true })
const strict = new MarkdownIt('commonmark')
const marked = new Marked({ gfm: true })
const withBreaks = new Marked({ gfm: true, breaks: true })
const withoutGfm = new Marked({ gfm: false })
const allowed = { allowDangerousHtml: true, allowDangerousProtocol: true } as const

export const renderers: [name: string, render: Render][] = [
  ['commonmark', (text) => html.render(commonmark.parse(text))],
  ['markdown-it', (text) => plain.render(text)],
  ['markdown-it with links', (text) => linked.render(text)],
  ['markdown-it as CommonMark', (text) => strict.render(text)],
  ['marked', (text) => marked.parse(text, { async: false })],
  ['marked with breaks', (text) => withBreaks.parse(text, { async: false })],
  ['marked without GFM', (text) => withoutGfm.parse(text, { async: false })],
  ['micromark', (text) => micromark(text, allowed)],
  [
    'micromark with GFM',
    (text) => micromark(text, { ...allowed, extensions: [gfm()], htmlExtensions: [gfmHtml()] }),
  ],
  ['Bun', (text) => Bun.markdown.html(text)],
  ['Bun with links', (text) => Bun.markdown.html(text, { autolinks: true })],
]

const elements =
  'p code pre em strong ul ol li a h1 h2 h3 h4 h5 h6 blockquote table thead tbody tr th td br hr del s input sup section'
const safeElements = new Set(elements.split(' '))
/** The attributes that renderers write by themselves. Addresses are checked by their value. */
const safeAttributes = new Set(
  'class start align style checked disabled type id dir data-footnote-ref data-footnote-backref aria-label aria-describedby data-footnotes'.split(
    ' ',
  ),
)
const tag = /<(\/?)([^\s>/]*)((?:[^>"']|"[^"]*"|'[^']*')*)>?/g
const attribute = /([^\s=/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+)))?/g

/** The first tag with an element, attribute or address that words, code and web links do not need. */
export function findUnsafe(page: string): string | undefined {
  for (const [whole, , name = '', rest = ''] of page.matchAll(tag)) {
    if (!safeElements.has(name)) return whole
    for (const [, key = '', double, single, bare] of rest.matchAll(attribute)) {
      const value = double ?? single ?? bare ?? ''
      const safe =
        key === 'href' ? /^(?:https?:|\/\/|ftp:|mailto:|xmpp:|#)/i.test(value) : safeAttributes.has(key)
      if (!safe) return whole
    }
  }
  return undefined
}
