/** No text of a question that the server writes is longer. Old rows and imported ones may be. */
const maxNormalised = 10_000

/**
 * More combining marks in a row than the stream-safe format allows
 * (https://unicode.org/reports/tr15/#Stream_Safe_Text_Format): normalising a run of marks takes quadratic time.
 */
export const excessiveMarks = /\p{M}{31}/u

/**
 * Identifies a question: equal for two questions that differ only in case, spacing or closing punctuation. The code is
 * part of it, since "What does this print?" is asked of many pieces of code. Texts that are too long or too intricate to
 * be normalised are compared as they are.
 */
export function toFingerprint(question: string, code: string | null): string {
  const words = dropClosing(normalise(question).toLowerCase().replace(/\s+/g, ' ')).trimStart()
  // Two pieces of Python may differ in their indentation only.
  const lines = normalise(code ?? '')
    .split(/\r\n?|\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
  return new Bun.CryptoHasher('sha256').update(`${words}\n${lines.join('\n').trim()}`).digest('hex')
}

function normalise(text: string): string {
  return text.length > maxNormalised || excessiveMarks.test(text) ? text : text.normalize('NFKC')
}

/** Cuts spaces and punctuation off the end, in linear time. */
function dropClosing(text: string): string {
  let end = text.length
  while (end > 0 && ' .?!:'.includes(text.charAt(end - 1))) end--
  return text.slice(0, end)
}
