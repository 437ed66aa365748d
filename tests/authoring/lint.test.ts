import { expect, test } from 'bun:test'
import type { Authored } from '../../src/authoring/authored.ts'
import { lint } from '../../src/authoring/lint.ts'
import { everywhere, good, option, options } from '../support/drafts.ts'

test('a good challenge breaks no rule', () => {
  expect(lint(good)).toBeUndefined()
})

test.each<[string, string, Partial<Authored>[]]>([
  ['no distractors', 'option_count', [options('a')]],
  ['two distractors', 'option_count', [options('a', 'b', 'c')]],
  ['four distractors', 'option_count', [options('a', 'b', 'c', 'd', 'e')]],
  ['10 000 distractors', 'option_count', [options('a', ...Array.from({ length: 10_000 }, String))]],
  ['an empty text', 'empty', [...option(''), { question: '' }, { explanation: '' }]],
  ['a text of spaces', 'empty', [...option(' \n\t'), { question: '\n' }, { explanation: '\u00a0' }]],
  [
    'a text that is not displayed',
    'empty',
    [...'\u2800\u3164\u034f\ufe0f\u200d\u115f\u0301'].flatMap((hidden) =>
      everywhere(`${hidden} ${hidden}`.trim()),
    ),
  ],
  ['a text of 100 KB', 'too_long', everywhere('x'.repeat(100_000))],
  ['an option of a page', 'too_long', option('word '.repeat(100).trim())],
  ['space around an option', 'untrimmed', [' a', 'a ', '\ta', 'a\n', '\u00a0a', 'a\u3000'].flatMap(option)],
  ['the answer again', 'answer_repeated', [options('same', 'b', 'same', 'd')]],
  ['the answer again with a final period', 'answer_repeated', [options('a b.', 'a b', 'c', 'd')]],
  [
    'the answer again in quotes',
    'answer_repeated',
    ['"same"', "'same'", '`same`', '“same”'].map((same) => options('same', 'b', same, 'd')),
  ],
  ['the answer again in backticks and quotes', 'answer_repeated', [options('`"a"`.', 'a', 'b', 'c')]],
  [
    'the answer again with a superscript',
    'answer_repeated',
    [options('O(n²)', 'O(n^2)', 'O(n)', 'O(1)'), options('2ⁿ', '`2^n`', '2', 'n')],
  ],
  [
    'the answer again with a character that is not displayed',
    'answer_repeated',
    [...'\u2800\u3164\u034f\ufe0f\u200d\u115f'].map((hidden) =>
      options('same', 'b', `sa${hidden}me${hidden}`, 'd'),
    ),
  ],
  ['the answer again in full width', 'answer_repeated', [options('42', '４２', 'b', 'c')]],
  ['a distractor again', 'options_repeated', [options('a', 'same', 'same', 'd')]],
  ['a distractor again in backticks', 'options_repeated', [options('a', 'x y', '`x y`', 'd')]],
])('a challenge is rejected for %s', (_, reason, changes) => {
  for (const change of changes) expect<unknown>(lint({ ...good, ...change })).toBe(reason)
})

test.each([
  ...[0, 1, 7, 8, 11, 12, 13, 27, 31, 127, 0x80, 0x85, 0x9f].map((code) => String.fromCharCode(code)),
  ...['\u202a', '\u202b', '\u202c', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068', '\u2069'],
  ...['\u200e', '\u200f', '\u061c', '\ufeff', '\ud800', '\udc00', '\udc00\ud800'],
  ...['\ufff9', '\ufffc', '\uffff', '\ufdd0', '\ue000', '\u{10fffe}', '\u200d\u200d'],
])('a challenge is rejected for a character that cannot be shown: %j', (character) => {
  for (const change of everywhere(`in ${character}the middle`)) {
    expect(lint({ ...good, ...change })).toBe('unsafe_characters')
  }
})

test.each([
  ...['A) two', 'b) two', 'D)two', '(A) two', '(d) two', 'A. two', 'c. two', 'B: two', '1) two', '4) two'],
  ...['Option A', 'Option B: two', 'option 3'],
])('a challenge is rejected for an option with a label: %s', (text) => {
  for (const change of option(text)) expect(lint({ ...good, ...change })).toBe('labelled')
})

test.each(['one ✓', '✅ one', '❌ one', '✔️ one', 'one (correct)', 'one (wrong answer)'])(
  'a challenge is rejected for an option that says whether it is right: %s',
  (text) => {
    for (const change of option(text)) expect(lint({ ...good, ...change })).toBe('labelled')
  },
)

test.each([
  ...['All of the above', 'all of the above.', 'None of the above', 'NONE OF THE ABOVE!', 'All the above'],
  ...['Any of the above', 'None of these options', 'All of these answers are right', 'None of these'],
  ...['Both of the above', 'Neither of the above', 'It prints 4, and all of the above', 'Both A and B'],
  ...['All  of the above', 'All of\nthe above', 'None of the\tabove', 'None of the above options'],
])('a challenge is rejected for an option about the other options: %s', (text) => {
  for (const change of option(text)) expect(lint({ ...good, ...change })).toBe('meta_option')
})

test.each([
  ...['What does the following code print?', 'Consider the following code. What is logged?'],
  ...['What does this code print?', 'What is the output of the code?', 'What does the code print?'],
  ...[
    'What will the following print?',
    'Which line of this snippet throws?',
    'What does this function return?',
  ],
  ...['What is the output of the following code?', 'What is the complexity of the following function?'],
  ...['What is the result of the following SQL query?', 'What is wrong with the following Python snippet?'],
  ...['What does the code below print?', 'What does the program shown above do?', 'See the code below:'],
  ...['What does the following\nfunction return?', 'What does the following  code print?'],
  ...['WHAT DOES THE FOLLOWING CODE PRINT?', 'Which values are logged by the following code?'],
  ...['What does the following piece of code print?', 'Given the following class, what is logged?'],
  ...['What is printed by the following JavaScript?', 'Given the following lines, what is logged?'],
  ...['What is the value of `x` at the end of the following program?', 'The output of this following code?'],
])('a challenge without code is rejected for a question about code: %s', (question) => {
  expect(lint({ ...good, question, code: null })).toBe('missing_code')
})

test.each([
  ...['<b>What</b> prints?', '<img src=x onerror=alert(1)>', '<script>alert(1)</script>', '</div>', '<br/>'],
  ...['What is a List<String>?', '<!-- hidden -->', '<?php echo 1 ?>', '<![CDATA[x]]>', 'a `b` <i>c</i>'],
  ...['[click](javascript:alert(1))', '![pixel](https://evil.test/p.png)', '[x]\n\n[x]: javascript:alert(1)'],
])('a challenge is rejected for markup outside code: %s', (text) => {
  for (const change of [{ question: text }, { explanation: text }]) {
    expect(lint({ ...good, ...change })).toBe('raw_html')
  }
})
