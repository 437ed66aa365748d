/** Characters that are not displayed: default-ignorable ones, other format characters, and the blank Braille cell. */
const invisible = /[\p{Default_Ignorable_Code_Point}\p{Cf}\u2800]/gu

/** Whether a reader sees nothing. */
export function isBlank(text: string): boolean {
  return text.replace(invisible, '').replace(/[\s\p{M}]+/gu, '') === ''
}

/**
 * The text in the form in which equal characters are equal: without invisible characters, in Unicode's compatibility
 * form, and with `^` for superscripts, since NFKC alone reads `n²` as `n2`. The two Arabic ligatures that NFKC expands to
 * 8 and 18 characters stay as they are. The caller bounds the length.
 */
export function toPlain(text: string): string {
  if (/^[\t\n\x20-\x7e]*$/.test(text)) return text
  return text
    .replace(invisible, '')
    .replace(/\^?[²³¹⁰-⁹⁺-ⁿ]+/g, (raised) => `^${raised.replace(/^\^/, '')}`)
    .replace(/[^\ufdfa\ufdfb]+/g, (run) => run.normalize('NFKC'))
    .replaceAll('\u2212', '-')
}

/** Quotation marks and Markdown that may surround an option, opening and closing. */
const wrappers = [
  ['```', '```'],
  ['``', '``'],
  ['`', '`'],
  ['**', '**'],
  ['"', '"'],
  ["'", "'"],
  ['“', '”'],
  ['‘', '’'],
  ['«', '»'],
] as const

/**
 * The form of an option in which two options are equal if a programmer would call them the same. Case and the blanks
 * inside matter. Surrounding backticks and quotation marks, and a final period, do not.
 */
export function toComparable(option: string): string {
  const trimmed = toPlain(option).trim()
  // The period is an argument in `git add .`, and a part of `..`.
  let text = /[^\s.]\.$/u.test(trimmed) ? trimmed.slice(0, -1) : trimmed
  for (let inside = unwrap(text); inside !== undefined; inside = unwrap(text)) text = inside
  return text
}

/** The text without the marks around it, `undefined` if there are none. Blanks within the marks remain. */
function unwrap(text: string): string | undefined {
  if (/^[^`*"'“‘«]/.test(text)) return undefined
  for (const [open, close] of wrappers) {
    if (text.length < open.length + close.length) continue
    if (!text.startsWith(open) || !text.endsWith(close)) continue
    const inside = text.slice(open.length, -close.length)
    // In `'a' + 'b'` the marks at the two ends do not belong together.
    if (!inside.includes(close) && !inside.includes(open)) return inside
  }
  return undefined
}
