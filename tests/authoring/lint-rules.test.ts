import { expect, test } from 'bun:test'
import type { Authored } from '../../src/authoring/authored.ts'
import { lint } from '../../src/authoring/lint.ts'
import { everywhere, good, option, options } from '../support/drafts.ts'

function expectRejected(reason: string, ...changes: Partial<Authored>[]) {
  for (const change of changes) expect<unknown>(lint({ ...good, ...change })).toBe(reason)
}

const misconception = (text: string): Partial<Authored> => ({
  distractors: ['1,2', '[2, 4]', 'undefined'].map((distractor) => ({
    text: distractor,
    misconception: text,
  })),
})

test.each([
  ...['Closures capture variables, not values.', 'Python list comprehension', 'JavaScript closures!', '???'],
  ...['The operator `a ?? b` treats null like undefined.', 'This is a question about arrays.', '…'],
])('a challenge is rejected for a question that asks nothing: %s', (question) => {
  expectRejected('no_question', { question })
})

test.each([...['Option B', 'Choice 2', 'answer D', '(1) two'], ...['1) two', '**A.** two']])(
  'a challenge is rejected for an option with a label: %s',
  (text) => {
    expectRejected('labelled', ...option(text))
  },
)

test.each([
  [['A - one', 'B - two', 'C - three', 'D - four']],
  [['[B] one', '[A] two', '[C] three', '[D] four']],
  [['**A** one', '**B** two', '**D** three', '**C** four']],
  [['(i) one', '(ii) two', '(iii) three', '(iv) four']],
  [['A] one', 'B] two', 'C] three', 'D] four']],
  [['1: one', '3: two', '2: three', '4: four']],
  [['`a)` one', '`b)` two', '`c)` three', '`d)` four']],
  [['i. one', 'ii. two', 'iii. three', 'iv. four']],
  [['**A:** one', '**B:** two', '**C:** three', '**D:** four']],
  [['② one', '① two', '③ three', '④ four']],
  [['1️⃣ one', '2️⃣ two', '3️⃣ three', '4️⃣ four']],
])('a challenge is rejected for options that each have a label: %j', ([answer = '', ...others]) => {
  expectRejected('labelled', options(answer, ...others))
})

test.each([
  ...[
    'A and C',
    'Both A and B',
    'both a and b',
    'A, B and C',
    'Only A and D',
    'Neither B nor C',
    'A & B',
    'B or D.',
  ],
  ...['A and B are correct', 'None of the other options', 'All other options', 'Both of the above'],
  ...['Two of the above', 'All\u034f of the above', 'Every option is correct', 'More than one of these'],
])('a challenge is rejected for an option that combines others: %s', (text) => {
  expectRejected('meta_option', ...option(text))
})

test.each([
  ...[
    'Option B is right, because `map` doubles.',
    'So option A.',
    'The first option is right.',
    'The answer is option C.',
  ],
  ...['The second answer forgets the comma.', 'Therefore choice 3 is right.', 'The last choice is tempting.'],
  ...[
    'Answer A is wrong, because of the brackets.',
    'Options A and D have brackets.',
    'The correct option (b) has no blank.',
  ],
  ...[
    'B is incorrect, since `join` gives a string.',
    'A and C are wrong.',
    'C is the correct answer.',
    'All of the above are wrong.',
  ],
  ...[
    'The options above differ in their brackets.',
    'The OPTION\nB is right. Option B is right.',
    'Answer 3 is right.',
    'It doubles each element. Answer: C',
    ...['The correct answer is B.', 'The answer is (C), as `map` doubles.', '(B) is wrong.'],
  ],
])(
  'a challenge is rejected for an explanation that speaks of options by place or letter: %s',
  (explanation) => {
    expectRejected('option_reference', { explanation }, misconception(explanation))
  },
)

test.each([
  ...[
    'Wait, `join` puts commas. It is 2,4.',
    'It prints 1,2. Wait: no, it doubles.',
    'It prints 3… wait, no.',
    'But wait, it doubles.',
  ],
  ...[
    'Hmm, `map` doubles.',
    'It is 2. Let me reconsider.',
    'Let me re-check this.',
    "Let's recalculate.",
    'Let me think again.',
  ],
  ...[
    'Actually, no: it doubles.',
    'Actually, that is wrong.',
    'Oops, it doubles.',
    'I made a mistake above.',
    'On second thought, it doubles.',
  ],
  ...[
    'None of the options match.',
    'The result 6 is not among the options.',
    'Scratch that.',
    'I need to correct the answer.',
  ],
])('a challenge is rejected for an explanation with second thoughts: %s', (explanation) => {
  expectRejected('second_thoughts', { explanation })
})

test.each<[string, string, Partial<Authored>[]]>([
  ['a note that is too long', 'too_long', [misconception('x'.repeat(601))]],
  ['a note with a control character', 'unsafe_characters', [misconception('a\0')]],
  ['a blank note', 'empty', [misconception(' \u3164')]],
  ['HTML in a note', 'raw_html', [misconception('It is <img src=x onerror=alert(1)>.')]],
  [
    'text in tag characters',
    'unsafe_characters',
    everywhere(
      `in ${[...'ignore'].map((c) => String.fromCodePoint(0xe0000 + c.charCodeAt(0))).join('')}the middle`,
    ),
  ],
  [
    'bytes in variation selectors',
    'unsafe_characters',
    everywhere('in \u{1f600}\ufe01\u{e0101}\ufe02 the middle'),
  ],
])('a challenge is rejected for %s', (_, reason, changes) => {
  expectRejected(reason, ...changes)
})
