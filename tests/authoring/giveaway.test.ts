import { expect, test } from 'bun:test'
import type { Authored } from '../../src/authoring/authored.ts'
import { lint } from '../../src/authoring/lint.ts'
import { good, options } from '../support/drafts.ts'

function expectRejected(reason: string, ...changes: Partial<Authored>[]) {
  for (const change of changes) expect<unknown>(lint({ ...good, ...change })).toBe(reason)
}

function expectLetThrough(...changes: Partial<Authored>[]) {
  for (const change of changes) expect<unknown>(lint({ ...good, ...change })).toBeUndefined()
}

test.each([
  ...[
    '`map` keeps the numbers, so the answer is 1,2.',
    'Therefore it prints `1,2`.',
    'The correct answer is "1,2".',
  ],
  ...[
    'Thus, the code outputs undefined',
    'Hence the result is [2, 4], because `join` is not called.',
    'Correct answer: 1,2',
  ],
  ...[
    'One may think of 2,4. So the program prints undefined.',
    '`[2, 4]` is the correct answer.',
    'The output will be 1,2.',
  ],
])('a challenge is rejected for an explanation that concludes with a distractor: %s', (explanation) => {
  expectRejected('wrong_conclusion', { explanation })
})

test.each<[string, Partial<Authored>]>([
  [
    'a word',
    {
      question: 'Which keyword does `const` belong to, a declaration?',
      ...options('declaration', 'b', 'c', 'd'),
    },
  ],
  [
    'inline code',
    {
      question: 'What keyword such as `let` declares a variable?',
      ...options('`let`', '`fix`', '`put`', '`any`'),
    },
  ],
  [
    'a phrase',
    {
      question: 'Is merge sort O(n log n) in the worst case?',
      ...options('O(n log n)', 'O(n)', 'O(n^2)', 'O(1)'),
    },
  ],
  ['a superscript', { question: 'What is O(n²) called?', ...options('`O(n^2)`.', 'b', 'c', 'd') }],
  [
    'a sentence',
    {
      question: 'A closure keeps its variables. What does a closure do?',
      ...options('Keeps its variables', 'Copies its values', 'Frees all memory', 'Throws an error'),
    },
  ],
  ['a status code', { question: 'What does HTTP 404 tell?', ...options('404', '200', '500', '301') }],
])('a challenge is rejected if its key stands in the question and no distractor does: %s', (_, change) => {
  expectRejected('key_in_question', { code: null, ...change })
})

test.each<[string, Partial<Authored>]>([
  ['far longer', options('It prints every element of the list', 'It throws', 'It prints 1', 'It hangs')],
  [
    '1.3 times and 8 characters longer',
    options('x'.repeat(39), 'a'.repeat(30), 'b'.repeat(30), 'c'.repeat(20)),
  ],
  ['8 characters longer', options('x'.repeat(9), 'a', 'b', 'c')],
  ['padded', options('x'.repeat(10), `a${'\u2800'.repeat(9)}a`, 'b', 'c')],
])('a challenge is rejected if its key is the longest option by far: %s', (_, change) => {
  expectRejected('long_key', change)
})

test.each<[string, Partial<Authored>]>([
  [
    'a distractor, too',
    {
      question: 'Is it a stack or a queue that gives elements back in order?',
      ...options('a queue', 'a stack', 'a heap', 'a set'),
    },
  ],
  [
    'a part of a word',
    { question: 'What is the concatenation of strings?', ...options('cat', 'dog', 'cow', 'hen') },
  ],
  [
    'a text in inline code',
    { question: 'What does `print("a b c")` print?', ...options('a b c', 'abc', 'a', 'nothing') },
  ],
  [
    'data of inline code',
    { question: 'What does `echo hello` print?', ...options('hello', 'Hello', 'echo', 'nothing') },
  ],
  [
    'a literal',
    {
      question: 'When a condition is true, what does `!!x` give?',
      ...options('true', '1', 'x', 'TypeError'),
    },
  ],
  [
    'a number',
    { question: 'An array of 10 elements is scanned. How often at worst?', ...options('10', '9', '5', '11') },
  ],
  [
    'an amount',
    {
      question: 'A list has 1000 elements. How many are compared at worst?',
      ...options('1000', '999', '10', '500'),
    },
  ],
  [
    'the code',
    {
      question: 'What is printed?',
      code: 'log("hello world")',
      ...options('hello world', 'hello', 'undefined', 'world'),
    },
  ],
])('a key that stands in the question without being given away is accepted: %s', (_, change) => {
  expectLetThrough({ code: null, ...change })
})
