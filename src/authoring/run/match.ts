/**
 * Ways to compare an option with lines of output, from strict to tolerant. The first way by which an option matches
 * decides, so that a tolerant way never overrules a stricter one.
 */
const ways: ((option: string, lines: string[]) => boolean)[] = [
  (option, lines) => option === lines.join('\n').trimEnd(),
  (option, lines) => tidy(stripQuotes(option)) === tidy(lines.join('\n')),
  (option, lines) =>
    lines.length > 1 && !/\n|\\n/.test(option) && join(stripQuotes(option)) === join(lines.join('\n')),
]

/**
 * Finds the option that is the output.
 * @param readings several forms of one output
 * @returns the places of the options that match; none or several decide nothing
 */
export function matchOptions(options: string[], readings: string[][]): number[] {
  for (const way of ways) {
    const matching = options.flatMap((option, place) =>
      readings.some((lines) => way(option, lines)) ? [place] : [],
    )
    if (matching.length > 0) return matching
  }
  return []
}

/** Removes the backticks, the fence or the quotation marks around a whole option, and writes `\n` as a new line. */
function stripQuotes(option: string): string {
  const [, , fenced] = /^(`{3,})\w*\n([\s\S]*?)\n?\1$/.exec(option) ?? []
  const [, , inner] = /^(["'`])((?:(?!\1).)*)\1$/s.exec(fenced ?? option) ?? []
  return (inner ?? fenced ?? option).replaceAll('\\n', '\n')
}

/** Removes the spaces beside punctuation, and replaces all quotation marks by one kind. */
function tidy(text: string): string {
  return text
    .replace(/["“”‘’`]/g, "'")
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\s?([[\]{}(),:])\s?/g, '$1')
    .trim()
}

/** Replaces the separators with which authors write the lines of an output on one line. */
function join(text: string): string {
  return tidy(text).replace(/\s*(?:[,;|/→]|[-=]>|\b(?:and )?then\b|\bfollowed by\b|\band\b)+\s*|\s+/g, '\n')
}

/** The letters and digits: texts that differ in these differ in meaning. */
export function skeleton(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}-]+/gu, '')
}

/** Whether the answer is one of several lines of output. */
export function isPart(answer: string, lines: string[]): boolean {
  return lines.length > 1 && lines.some((line) => skeleton(line) === skeleton(answer))
}

/** Whether the question may ask for a part of the output, such as "the last line". */
export function mayAskForPart(question: string): boolean {
  return /\b(?:last|first|second|third|fourth|final|finally|lines?|which|when|after|before|value|calls?)\b/i.test(
    question,
  )
}
