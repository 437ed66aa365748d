const sentinel = 'the-text-after-it'
/** Marks text with a tag. The lint rejects texts that contain this character. */
const mark = '\u0000'

/** Replaces code spans, and follows each escaped character. U+FFFF is a noncharacter, which no text needs. */
const placeholder = '\uffff'

/** A run of characters that may be part of an address, with the `<` that ends it. */
const addressRun = /[^\s<]+<?/g
const addressStart = /\/\/|www\./i
/** Code, a backtick, a tag or an escaped character. */
const glued = /[`<\uffff]/

/**
 * A link reference definition at any place, because parsers disagree on the places where a definition is valid. Its label
 * contains no bare bracket, in any parser.
 */
const linkDefinition = /^[ \t>*+\-\d.)]*\[(?:\\.|[^[\]\\])+\]:/m

/** marked reads backticks before the end of a link's text as plain text, and so renders code as a link. */
const codeInLink = /``\]\(/

/**
 * Matches the beginnings of HTML, images, links and blocks that stay open. A text without a match is safe in every
 * dialect, and most texts have none.
 */
const suspect = /[<[&@]|`{3}|~{3}|\/\/|www\./i

/**
 * Whether a Markdown text contains raw HTML, an image or a link outside http(s), or leaves a block open that would
 * include the text after it. Tries CommonMark (https://spec.commonmark.org) with and without GitHub's extensions,
 * because front ends use either.
 */
export function isUnsafeMarkdown(markdown: string): boolean {
  if (!suspect.test(markdown)) return false
  return (
    linkDefinition.test(markdown) ||
    codeInLink.test(markdown) ||
    mayHoldImage(markdown) ||
    hasGluedAddress(markdown) ||
    hasLooseTag(markdown) ||
    [...listReadings(markdown)].some((text) => dialects.some((dialect) => rendersUnsafe(text, dialect)))
  )
}

/**
 * Whether an image may begin and end outside the code spans of one line. Parsers disagree on brackets and lone backticks
 * between the two, and so on whether they make an image or a link.
 */
function mayHoldImage(markdown: string): boolean {
  const prose = markdown.replace(codeSpan, '')
  const start = prose.indexOf('![')
  return start !== -1 && prose.includes('](', start)
}

const dialects = [{}, { tables: false, strikethrough: false, tasklists: false }]

/**
 * The text, and the same text as other parsers read it. For marked, `- | -` is the delimiter row of a table, whose pipes
 * end code spans. Parsers disagree on tabs after the markers of lists: what is indented code for one is a tag for another.
 */
function listReadings(markdown: string): Set<string> {
  const withWideRows = markdown.replace(/^[ \t>|:-]+$/gm, (line) =>
    line.includes('|') ? line.replace(/-+/g, '---') : line,
  )
  return new Set([markdown, withWideRows, markdown.replaceAll('\t', ' ')])
}

const tag = /<[a-z/!?]/i
const fence = /^ {0,3}(`{3,}(?!.*`)|~{3,})/
const codeSpan = /(?<![`\\])(`+)(?!`)(?:.*?[^`])?\1(?!`)/g

/**
 * Whether a tag stands anywhere but in a fence at the top level or in a code span of one line, and of one cell if the
 * line has pipes. On these two places all parsers agree; on fences in lists and on indented code they do not.
 */
function hasLooseTag(markdown: string): boolean {
  let opener = ''
  return markdown.split('\n').some((line) => {
    const [, marker = ''] = fence.exec(line) ?? []
    if (opener !== '') {
      if (marker.startsWith(opener) && line.trim() === marker) opener = ''
      return false
    }
    if (marker !== '') opener = marker
    // Without escaped backslashes, a backslash before a backtick escapes that backtick.
    const hasTag = (text: string) => tag.test(text.replaceAll('\\\\', '').replace(codeSpan, ''))
    return tag.test(line) && (marker !== '' || hasTag(line) || line.split('|').some(hasTag))
  })
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
  return (page.match(addressRun) ?? []).some((run) => {
    const start = run.search(addressStart)
    return start !== -1 && glued.test(run.slice(start))
  })
}
