const sentinel = 'the-text-after-it'
/** A character that no accepted text has. */
const mark = '\u0000'

/** A link's definition, wherever it may stand: parsers do not agree on which of them count. */
const definition = /^[ \t>*+\-\d.)]*\[(?:\\.|[^\]\\])+\]:/m

/**
 * Whether a Markdown text would put more on a page than words and code: raw HTML, a picture, or a link to anything but
 * the web; or would swallow what comes after it, as a fence does that is never closed. Both CommonMark
 * (https://spec.commonmark.org) and GitHub's tables are tried: front ends differ in which they read.
 */
export function isUnsafeMarkdown(markdown: string): boolean {
  return (
    definition.test(markdown) ||
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
  const page = Bun.markdown.render(
    `${markdown}\n\n${sentinel}`,
    {
      text: (text) => (/<[a-z/!?]/i.test(text) ? mark + text : text),
      codespan: unmarked,
      code: (text) => (text.includes(sentinel) ? found() : unmarked(text)),
      html: found,
      image: found,
      link: (text, { href }) => (/^https?:\/\//i.test(href) ? text : found()),
    },
    dialect,
  )
  return unsafe || page.includes(mark)
}
