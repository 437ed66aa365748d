import { renderCode } from '../code.ts'
import { h } from '../dom.ts'

const fenceStart = /^ {0,3}(`{3,}|~{3,})[ \t]*([^`]*)$/

/** Renders a safe subset of Markdown: paragraphs, fenced code, code spans, bold and italic. The rest is plain text. */
export function renderMarkdown(text: string): HTMLElement[] {
  const blocks: HTMLElement[] = []
  let paragraph: string[] = []
  const endParagraph = () => {
    if (paragraph.length > 0) blocks.push(h('p', {}, ...renderInline(paragraph.join('\n'))))
    paragraph = []
  }
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    const [, fence, info = ''] = fenceStart.exec(line) ?? []
    if (fence) {
      endParagraph()
      const end = findClosing(lines, at + 1, fence)
      blocks.push(renderCode(lines.slice(at + 1, end).join('\n'), { language: info.trim() }))
      at = end
    } else if (line.trim() === '') endParagraph()
    else paragraph.push(line.trim())
  }
  endParagraph()
  return blocks
}

/** Finds the line that closes a fence. An unclosed fence ends with the text (CommonMark section 4.5). */
function findClosing(lines: string[], from: number, fence: string): number {
  for (let at = from; at < lines.length; at++) {
    const mark = lines[at]?.trim() ?? ''
    if (mark.startsWith(fence) && mark === fence.charAt(0).repeat(mark.length)) return at
  }
  return lines.length
}

const inline =
  /(?<!`)(`+)(?!`)([\s\S]*?[^`])\1(?!`)|\*\*(?=\S)([\s\S]*?\S)\*\*|(?<![\w*])([*_])(?=[^\s*_])([\s\S]*?[^\s*_])\4(?![\w*])/g

export function renderInline(text: string): (Node | string)[] {
  const parts: (Node | string)[] = []
  let done = 0
  for (const match of text.matchAll(inline)) {
    const [matched, , code, bold, , italic] = match
    parts.push(text.slice(done, match.index))
    if (code !== undefined) parts.push(h('code', {}, trimCode(code)))
    else if (bold !== undefined) parts.push(h('strong', {}, ...renderInline(bold)))
    else parts.push(h('em', {}, ...renderInline(italic ?? '')))
    done = match.index + matched.length
  }
  parts.push(text.slice(done))
  return parts
}

/** Removes one space on each side, which allows code to begin or end with a backtick (CommonMark section 6.1). */
function trimCode(code: string): string {
  const line = code.replaceAll('\n', ' ')
  return /^ .*[^ ].* $/.test(line) ? line.slice(1, -1) : line
}
