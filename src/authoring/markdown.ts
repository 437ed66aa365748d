const sentinel = 'the-text-after-it'
/** A character that no accepted text has. */
const mark = '\u0000'

/** Stands for code, and behind each escaped character. A noncharacter: no text has a use for it. */
const hidden = '\uffff'

/** An address that runs on into code, a backtick, a tag or an escaped character. */
const gluedAddress = /(?:\/\/|www\.)[^\s<]*[`<\uffff]/i

/** A link's definition, wherever it may stand: parsers do not agree on which of them count. */
const definition = /^[ \t>*+\-\d.)]*\[(?:\\.|[^\]\\])+\]:/m

/** marked takes backticks before the end of a link's text for plain text, and so makes a link of what is code. */
const codeInLink = /``\]\(/

/**
 * Whether a Markdown text would put more on a page than words and code: raw HTML, a picture, or a link to anything but
 * the web; or would swallow what comes after it, as a fence does that is never closed. Both CommonMark
 * (https://spec.commonmark.org) and GitHub's tables are tried: front ends differ in which they read.
 */
export function isUnsafeMarkdown(markdown: string): boolean {
  return (
    definition.test(markdown) ||
    codeInLink.test(markdown) ||
    hasGluedAddress(markdown) ||
    hasUnsafe(markdown, {}) ||
    hasUnsafe(markdown, { tables: false, strikethrough: false, tasklists: false })
  )
}

function hasUnsafe(markdown: string, dialect: Bun.markdown.Options): boolean {
  let unsafe = false
  const found = () => {
    unsafe = true
    return ''
  }
  // A tag in the text is marked; code, which is made of text too, drops the marks of what is inside it.
  const unmarked = (text: string) => text.replaceAll(mark, '')
  // Renderers do not agree on which lines belong to a paragraph, and so on where code of several lines ends.
  const codespan = (text: string) => (text.includes('\n') && text.includes(mark) ? found() : unmarked(text))
  const page = Bun.markdown.render(
    `${markdown}\n\n${sentinel}`,
    {
      text: (text) => (/<[a-z/!?]/i.test(text) ? mark + text : text),
      codespan,
      code: (text) => (text.includes(sentinel) ? found() : unmarked(text)),
      html: found,
      image: found,
      link: (text, { href }) => (/^https?:\/\//i.test(href) ? text : found()),
    },
    dialect,
  )
  return unsafe || page.includes(mark)
}

/**
 * GitHub's parsers take a bare address to end at the next space or `<` (https://github.github.com/gfm/#autolinks-extension-):
 * a backtick or backslash in it then no longer makes code or an escape of the tag that follows.
 */
function hasGluedAddress(markdown: string): boolean {
  const line = (text: string) => `${text}\n`
  const page = Bun.markdown.render(markdown.replace(/\\[!-/:-@[-`{-~]/g, `$&${hidden}`), {
    codespan: () => hidden,
    code: () => '\n',
    paragraph: line,
    heading: line,
    listItem: line,
    td: line,
    th: line,
  })
  return gluedAddress.test(page)
}
