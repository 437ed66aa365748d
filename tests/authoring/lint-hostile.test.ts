import { expect, test } from 'bun:test'
import { type Authored, maxLengths, readAuthored } from '../../src/authoring/authored.ts'
import { isNearRepeat } from '../../src/authoring/likeness.ts'
import { lint } from '../../src/authoring/lint.ts'
import { toFingerprint } from '../../src/fingerprint.ts'
import { everywhere, good, toDistractors } from '../support/drafts.ts'

/** The processor time of the fastest of five runs, in milliseconds, which other processes hardly change. */
function measure(run: () => unknown): number {
  const times = Array.from({ length: 5 }, () => {
    const started = process.cpuUsage()
    run()
    return process.cpuUsage(started).user / 1000
  })
  return Math.min(...times)
}

const fill = (piece: string, length: number) =>
  piece.repeat(Math.ceil(length / piece.length)).slice(0, length)

test.each([
  ['combining marks', `a${'\u0301'.repeat(60_000)}${'\u0323'.repeat(60_000)}`],
  ['characters that expand', '\ufdfa'.repeat(250_000)],
  ['spaces', ' '.repeat(250_000)],
  ['carriage returns', '\r'.repeat(250_000)],
  ['backticks', fill('` ', 250_000)],
  ['brackets', fill('[\n', 250_000)],
  ['slashes', '/'.repeat(250_000)],
  ['orders', fill('ignore all previous ', 250_000)],
])('an answer of 256 KiB in any part is read and rejected at once: %s', (_, text) => {
  for (const change of everywhere(text)) {
    const { distractors, ...rest } = { ...good, ...change }
    const answer = {
      ...rest,
      code: rest.code ?? '',
      distractors: distractors.map((one) => ({ ...one, misconception: '' })),
    }
    const readAndLint = () => {
      const authored = readAuthored(answer)
      return authored && lint(authored)
    }
    expect(readAndLint()).toBe('too_long')
    expect(measure(readAndLint)).toBeLessThan(10)
  }
})

/** Pieces on which an expression of the lint, or a parser of Markdown, could take quadratic time. */
const pieces = [
  ...[
    '` ',
    '``a',
    '[',
    '[\n',
    '](',
    '<',
    '<a ',
    '<!--',
    '//',
    'www.',
    '\\`',
    '\\"',
    "\\'",
    '*a ',
    '**a',
    '_',
    '~~~\n',
    '```\n',
    '> ',
    '- ',
    '1. ',
  ],
  ...[
    '|-|\n',
    'a|b\n-|-\n',
    '&',
    '(',
    ')',
    '"',
    "'a",
    '\n',
    ' ',
    '\t',
    'the following a ',
    'so it ',
    'therefore it is ',
    'the answer is ',
  ],
  ...[
    'a is the correct answer ',
    'wait ',
    'hmm ',
    'ignore all ',
    'previous ',
    'a b c d ',
    'A and ',
    'option ',
    'let me ',
    '. ',
    '-',
    '//a ',
  ],
  ...[
    `a${'\u0301'.repeat(30)}`,
    '\ufdfa',
    '²',
    '😀',
    '日',
    '\u2800',
    'x\u3164',
    'f(',
    'a = ',
    '/*',
    '#  ',
    'for ',
  ],
]

test.each(pieces)('a challenge of the longest parts is judged within 50 ms: %j', (piece) => {
  const text = fill(piece, maxLengths.option)
  const authored: Authored = {
    question: fill(piece, maxLengths.question),
    code: fill(piece, maxLengths.code),
    prints: false,
    explanation: fill(piece, maxLengths.explanation),
    answer: `x${text.slice(0, -2)}x`,
    distractors: toDistractors([1, 2, 3].map((n) => `x${text.slice(0, -2)}${n}`)),
  }
  const known = {
    title: `${authored.question}\n\n\`\`\`js\n${authored.code}\n\`\`\``,
    options: [text],
    correctAnswerId: 0,
    fingerprint: null,
  }

  expect(measure(() => lint(authored))).toBeLessThan(50)
  expect(measure(() => toFingerprint(authored.question, authored.code))).toBeLessThan(20)
  expect(measure(() => isNearRepeat({ ...authored }, [{ ...known }]))).toBeLessThan(50)
})

test.each([`a${'\u0301'.repeat(100_000)}`, ' '.repeat(100_000), '?'.repeat(100_000), fill('a ', 100_000)])(
  'a title of an imported database of any length has a fingerprint soon',
  (title) => {
    expect(measure(() => toFingerprint(`${title}x`, null))).toBeLessThan(50)
    expect(toFingerprint(`${title}x`, null)).not.toBe(toFingerprint(`${title}y`, null))
  },
)
