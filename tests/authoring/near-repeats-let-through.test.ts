import { expect, test } from 'bun:test'
import { readBank } from '../../src/authoring/bank.ts'
import { isNearRepeat } from '../../src/authoring/likeness.ts'
import { good, options } from '../support/drafts.ts'
import {
  type Change,
  closure,
  code,
  costs,
  isRepeat,
  loop,
  prose,
  sort,
  toKnown,
} from '../support/likeness.ts'

const bank = await readBank()

test.each<[string, Change, Change]>([
  [
    'the worst and the average case',
    prose(sort, ...costs),
    prose(sort.replace('worst', 'average'), ...costs),
  ],
  [
    'time and space',
    prose(sort, ...costs),
    prose('What is the worst-case space complexity of quicksort?', ...costs),
  ],
  ['two algorithms', prose(sort, ...costs), prose(sort.replace('quicksort', 'heapsort'), ...costs)],
  [
    'is and is not',
    prose('Which HTTP method is idempotent by definition?', 'PUT', 'POST', 'PATCH', 'CONNECT'),
    prose('Which HTTP method is not idempotent by definition?', 'PUT', 'POST', 'PATCH', 'CONNECT'),
  ],
  [
    'two joins',
    prose('Which rows does a LEFT JOIN of customers and orders keep?', 'a', 'b', 'c', 'd'),
    prose('Which rows does an INNER JOIN of customers and orders keep?', 'a', 'b', 'c', 'd'),
  ],
  [
    'first and last',
    prose('Which index has the first element of a list of n elements?', '0', '1', 'n', 'n - 1'),
    prose('Which index has the last element of a list of n elements?', 'n - 1', '1', 'n', '0'),
  ],
  [
    'ascending and descending',
    prose('Which clause sorts the rows by name in ascending order?', 'a', 'b', 'c', 'd'),
    prose('Which clause sorts the rows by name in descending order?', 'a', 'b', 'c', 'd'),
  ],
  [
    'two structures',
    prose('Which data structure gives LIFO order?', 'a stack', 'a queue', 'a heap', 'a set'),
    prose('Which data structure gives FIFO order?', 'a queue', 'a stack', 'a heap', 'a set'),
  ],
  [
    'a word more',
    prose('Which CSS unit is relative to the font size of the element?', 'em', 'rem', 'px', 'vh'),
    prose('Which CSS unit is relative to the font size of the root element?', 'rem', 'em', 'px', 'vh'),
  ],
  [
    'two orders of traversal',
    prose('Is the pre-order traversal of this tree unique?', 'a', 'b', 'c', 'd'),
    prose('Is the in-order traversal of this tree unique?', 'a', 'b', 'c', 'd'),
  ],
  [
    'two functions in backticks',
    prose('What does the array method `map` return when called?', 'a', 'b', 'c', 'd'),
    prose('What does the array method `filter` return when called?', 'a', 'b', 'c', 'd'),
  ],
  ['two built-in functions', code('print(sorted([3, 1]))'), code('print(reversed([3, 1]))')],
  ['two operators', code('console.log(5 + 3)'), code('console.log(5 - 3)')],
  ['a number and a string', code('console.log("5" + 3)'), code('console.log(5 + 3)')],
  ['two built-in values', code('console.log(typeof null)'), code('console.log(typeof undefined)')],
  ['names in another place', code('let a = 1, b = 2\nlog(a - b)'), code('let a = 1, b = 2\nlog(b - a)')],
  [
    'the output and the cost of one function',
    code(closure),
    code(closure, 'What is the time complexity of the function?'),
  ],
  [
    'the output and the error of one function',
    code(closure),
    code(closure, 'Which line throws an exception?'),
  ],
  ['MIN and MAX', code('SELECT MIN(a) FROM t'), code('SELECT MAX(a) FROM t')],
  ['two commands', code('sort file | uniq -c'), code('sort file | wc -l')],
  [
    'two pieces of code with one output',
    { ...code(loop, 'What does this function return?'), ...options('a', 'b', 'c', 'd') },
    { ...code(closure, 'What does this function return?'), ...options('a', 'b', 'c', 'd') },
  ],
])('two questions are no repeats of one another: %s', (_, first, second) => {
  expect(isRepeat(first, second)).toBe(false)
})

test('no two questions of the bank are near repeats', () => {
  const known = bank.map(({ code = null, ...entry }) => toKnown({ ...entry, code, prints: false }))
  const repeats = bank.flatMap(({ code = null, ...entry }, at) =>
    known
      .filter((other, place) => place !== at && isNearRepeat({ ...entry, code, prints: false }, [other]))
      .map(({ title }) => [entry.id, title]),
  )
  expect(repeats).toEqual([])
})

test('a short question about other code may begin like a known title', () => {
  const known = toKnown({ ...good, ...code(loop, 'What does the following program print when it is run?') })
  expect(
    isNearRepeat({ ...good, ...code('log(1)', 'What does the following program print when it is run?') }, [
      known,
    ]),
  ).toBe(false)
})
