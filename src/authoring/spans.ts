/** Splits a Markdown text at its code spans and fences. Backticks that are not closed belong to the prose. */
export function splitCode(text: string): { prose: string; code: string[] } {
  // The pieces with odd indexes are runs of backticks.
  const pieces = text.split(/(`+)/)
  const prose: string[] = []
  const code: string[] = []
  for (let at = 0; at < pieces.length; at++) {
    const close = at % 2 === 0 ? -1 : pieces.indexOf(pieces[at] ?? '', at + 1)
    if (close === -1) {
      prose.push(pieces[at] ?? '')
    } else {
      prose.push(' ')
      code.push(pieces.slice(at + 1, close).join(''))
      at = close
    }
  }
  return { prose: prose.join(''), code }
}

/** The text on one line, with single blanks. */
export function toOneLine(text: string): string {
  return text.replace(/\s+/g, ' ')
}
