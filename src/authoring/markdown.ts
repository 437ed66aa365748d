const sentinel = 'the-text-after-it'
/** Marks text with a tag. The lint rejects texts that contain this character. */
const mark = '\u0000'

/** Replaces code spans, and follows each escaped character. U+FFFF is a noncharacter, which no text needs. */
const placeholder = '\uffff'

/** An address directly followed by code, a backtick, a tag or an escaped character. */
const gluedAddress = /(?:\/\/|www\.)[^\s<]*[`<\uffff]/i

/** A link reference definition at any place, because parsers disagree on the places where a definition is valid. */
const linkDefinition = /^[ \t>*+\-\d.)]*\[(?:\\.|[^\]\\])+\]:/m

/** marked reads backticks before the end of a link's text as plain text, and so renders code as a link. */
const codeInLink = /``\]\(/

/**
 * Whether a Markdown text contains raw HTML, an image or a link outside http(s), or leaves a block open that would
 * include the text after it. Tries CommonMark (https://spec.commonmark.org) with and without GitHub's extensions,
 * because front ends use either.
 */
export function isUnsafeMarkdown(markdown: string): boolean {
  return (
    linkDefinition.test(markdown) ||
    codeInLink.test(markdown) ||
    hasGluedAddress(markdown) ||
    rendersUnsafe(markdown, {}) ||
    rendersUnsafe(widenDelimiterRows(markdown), {}) ||
    rendersUnsafe(markdown, { tables: false, strikethrough: false, tasklists: false })
  )
}

/**
 * Writes a line of pipes and single hyphens as the delimiter row of a table. For marked, `- | -` is one, and the pipes of
 * the table end code spans; other parsers read a list.
 */
function widenDelimiterRows(markdown: string): string {
  return markdown.replace(/^[ \t>|:-]+$/gm, (line) =>
    line.includes('|') ? line.replace(/-+/g, '---') : line,
  )
}

function rendersUnsafe(markdown: string, dialect: Bun.markdown.Options): boolean {
  let unsafe = false
  const reject = () => {
    unsafe = true
    return ''
  }
  // `text` marks tags. Tags within code are harmless: the code callbacks remove their marks.
  const unmark = (text: string) => text.replaceAll(mark, '')
  // Renderers disagree on the lines of a paragraph, and so on the end of a code span of several lines.
  const codespan = (text: string) => (text.includes('\n') && text.includes(mark) ? reject() : unmark(text))
  const page = Bun.markdown.render(
    `${markdown}\n\n${sentinel}`,
    {
      text: (text) => (/<[a-z/!?]/i.test(text) ? mark + text : text),
      codespan,
      code: (text) => (text.includes(sentinel) ? reject() : unmark(text)),
      html: reject,
      image: reject,
      link: (text, { href }) => (/^https?:\/\//i.test(href) ? text : reject()),
    },
    dialect,
  )
  return unsafe || page.includes(mark)
}

/**
 * In GitHub's parsers a bare address ends at the next space or `<`
 * (https://github.github.com/gfm/#autolinks-extension-). A backtick or backslash within the address therefore starts no
 * code and no escape, and a tag after it is raw HTML.
 */
function hasGluedAddress(markdown: string): boolean {
  const line = (text: string) => `${text}\n`
  const page = Bun.markdown.render(markdown.replace(/\\[!-/:-@[-`{-~]/g, `$&${placeholder}`), {
    codespan: () => placeholder,
    code: () => '\n',
    paragraph: line,
    heading: line,
    listItem: line,
    td: line,
    th: line,
  })
  return gluedAddress.test(page)
}
