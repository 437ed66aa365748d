import { expect, test } from 'bun:test'
import type { Authored } from '../../src/authoring/authored.ts'
import { lint } from '../../src/authoring/lint.ts'
import { good, options } from '../support/drafts.ts'

function expectLetThrough(...changes: Partial<Authored>[]) {
  for (const change of changes) expect<unknown>(lint({ ...good, ...change })).toBeUndefined()
}

test.each([
  ...[
    'Choose the output of the code.',
    'Given `x`, the call of `f` returns',
    'Select the correct type:',
    'Which line throws',
  ],
  ...[
    'The result of the call is …',
    'The keyword ____ declares a constant.',
    'Predict the output.',
    'Then, name the method.',
  ],
  ...[
    'A list is sorted. State its order.',
    'Was gibt das Programm zurück?',
    'Wählen Sie die Ausgabe.',
    '出力は何ですか。',
    'Who wins?',
  ],
])('a question is accepted in any form that asks: %s', (question) => {
  expectLetThrough({ question })
})

test.each<[string, string]>([
  ['this expression', 'What does this expression give: `[1, 2].map((n) => n * 2)`?'],
  ['the following command', 'What does the following command print: `pwd`?'],
  ['this query', 'How many rows does this query return: `SELECT 1 UNION SELECT 1`?'],
  ['the following code', 'What does the following code print? `console.log(typeof 1)`'],
  ['this function', 'What does this function return for 2: ``const f = (a) => `x` + a``?'],
  ['a fence', 'What does this code print?\n\n```js\nlog(1)\n```'],
])('inline code counts as the code that a question points at: %s', (_, question) => {
  expectLetThrough({ question, code: null })
})

test.each<[string, Partial<Authored>]>([
  [
    'letters that are values',
    {
      question: 'Which class does `new X()` belong to?',
      code: 'class A {}\nclass B extends A {}',
      ...options('B', 'A', 'A and B', 'X'),
    },
  ],
  [
    'nodes of a graph',
    {
      question: 'Which of the nodes A, B, C and D are reached?',
      ...options('A and C', 'A and B', 'B and D', 'both A and D'),
    },
  ],
  [
    'names of variables',
    { question: 'Which of `a` and `b` change?', ...options('both a and b', 'a', 'b', 'neither a nor b') },
  ],
  ['grades', { question: 'Which grade is printed?', ...options('A', 'B', 'C', 'D') }],
  [
    'numbers',
    {
      question: 'How many rows do the two queries return?',
      ...options('1 and 2', '2 and 1', '3 and 4', '4 and 3'),
    },
  ],
  ['types', options('Option<T>', 'T', 'Result<T, E>', 'T | null')],
  ['words', options('All of the keys', 'None of its keys', 'Neither throws', 'Both are lists')],
  ['literals', options('None', 'null', 'nil', 'undefined')],
  ['methods', options('Promise.all', 'Promise.any', 'Promise.race', 'A.prototype')],
  ['emoji and joiners', options('👩‍👩‍👧', '👩👩', '👧', '❤️‍🔥')],
  ['a flag', options('🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🇩🇪', '🏳️‍🌈', '🇫🇷')],
  ['a key that is a little longer', options('It prints the list', 'It prints one', 'It throws', 'It hangs')],
  [
    'a long key beside a longer distractor',
    options('It prints all of the numbers', 'It prints all of the numbers twice', 'a', 'b'),
  ],
])('options are accepted: %s', (_, change) => {
  expectLetThrough(change)
})

test.each([
  ...[
    '`wait` blocks the thread until `notify` is called.',
    'The threads wait, then go on.',
    'The main thread must wait. It prints 2,4.',
  ],
  ...[
    'If an option is repeated, the last option wins.',
    'The answer 6 overlooks that 2 is doubled.',
    'The first option of the command is read.',
  ],
  ...[
    'The answer `[2, 4]` forgets `join`.',
    'A is printed first.',
    'The engine tries the first alternative of `a|b`.',
    'No, since `map` returns a new array.',
    'Actually, `map` makes a copy.',
  ],
  ...[
    'One might think the answer is 1,2, but `map` doubles.',
    'So the result is [2, 4] before `join`.',
    'If `map` did nothing, it would print 1,2.',
  ],
  ...[
    'Without `join`, the output is [2, 4].',
    'So the answer is 2,4.',
    'The answer is not 1,2.',
    'Therefore it prints 2,4, not 1,2.',
  ],
  ...[
    'So the result is 1,2 doubled: 2,4.',
    'An HMM is no part of it.',
    'The methods above it are not called.',
    'Let us consider `map`: it doubles.',
  ],
])('an explanation is accepted: %s', (explanation) => {
  expectLetThrough({ explanation })
})

test('a note on a distractor is accepted', () => {
  const distractors = good.distractors.map((one) => ({
    ...one,
    misconception: 'Overlooks that `map` doubles: `List<T>`.',
  }))
  expectLetThrough({ distractors })
})

test('options of a menu have places', () => {
  const code = '<select><option>1<option>2</select>'
  expectLetThrough({
    question: 'What is chosen?',
    code,
    ...options('The first option', 'The last option', 'Both', 'Nothing'),
  })
  expectLetThrough({ code, explanation: 'Without `selected`, the first option is chosen.' })
})

test('an answer is named by the beginning of its text', () => {
  expectLetThrough({
    ...options('4 rows', '2 rows', '3 rows', '1 row'),
    explanation: 'The answer 2 rows forgets the ties.',
  })
})
