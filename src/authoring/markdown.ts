/**
 * Whether a Markdown text holds raw HTML, a picture or a link to anything but the web, outside its code; or a fence
 * that is never closed, which would turn what comes after it inside out. Where this reading of CommonMark
 * (https://spec.commonmark.org) is not exact it errs on the side of finding some.
 */
export function hasRawHtml(markdown: string): boolean {
  const prose = withoutFences(markdown)
  if (prose === undefined) return true
  const plain = withoutCodeSpans(prose)
  const link = /!\[|\]\(\s*(?!https?:)|^ {0,3}\[[^\]]+\]:/im
  return /<[a-z/!?]/i.test(plain) || link.test(plain)
}

/** The text without its fenced blocks, or `undefined` if one is not closed. */
function withoutFences(markdown: string): string | undefined {
  const prose: string[] = []
  let fence: string | undefined
  for (const line of markdown.split('\n')) {
    const mark = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/.exec(line)?.[1]
    if (fence === undefined) {
      fence = mark
      prose.push(mark ? '' : line)
    } else if (mark?.startsWith(fence) && line.trim() === mark) {
      fence = undefined
    }
  }
  return fence === undefined ? prose.join('\n') : undefined
}

/** The text without its code spans: from a run of backticks to the next run as long, within one paragraph. */
function withoutCodeSpans(prose: string): string {
  let plain = ''
  for (let at = 0; at < prose.length; ) {
    const [run = ''] = /^`+/.exec(prose.slice(at)) ?? []
    const length = run === '' ? (prose[at] === '\\' ? 2 : 1) : spanLength(prose.slice(at), run)
    if (run === '' || length === run.length) plain += prose.slice(at, at + length)
    at += length
  }
  return plain
}

/** How long the code span at the start of a text is; only its backticks, if nothing closes it. */
function spanLength(text: string, run: string): number {
  const [paragraph = ''] = text.split(/\n[ \t]*\n/, 1)
  for (const { 0: closing, index } of paragraph.slice(run.length).matchAll(/`+/g)) {
    if (closing === run) return run.length + index + run.length
  }
  return run.length
}
