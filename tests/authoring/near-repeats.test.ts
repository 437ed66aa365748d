import { expect, test } from 'bun:test'
import { isNearRepeat } from '../../src/authoring/likeness.ts'
import { good, toDistractors } from '../support/drafts.ts'
import {
  type Change,
  closure,
  code,
  costs,
  isRepeat,
  loop,
  prose,
  select,
  sort,
  toKnown,
} from '../support/likeness.ts'

test.each<[string, Change, Change]>([
  ['other names', code(loop), code(loop.replaceAll('total', 'sum').replaceAll(/\bn\b/g, 'value'))],
  ['other literals', code(loop), code(loop.replace('[1, 2, 3]', '[4, 5, 6]').replace('0', '10'))],
  ['other strings', code('const a = "x"\nlog(a + `y`)'), code('const b = "hello"\nlog(b + `z`)')],
  [
    'other comments and blanks',
    code(loop),
    code(`// Adds up\n${loop.replaceAll('\n', '\n\n  ')} // Prints\n`),
  ],
  [
    'other words that ask for the output',
    code(loop),
    code(loop, 'What is the output of the following snippet?'),
  ],
  ['a sentence before it', code(loop), code(loop, 'A loop adds up three numbers. What is logged?')],
  [
    'other names of functions and parameters',
    code(closure),
    code(closure.replaceAll('outer', 'f').replaceAll('inner', 'g').replaceAll('x', 'a').replaceAll('y', 'b')),
  ],
  [
    'other tables and columns',
    code(select),
    code('select title from books where year > 1999 order by title;'),
  ],
])('a question about code of the same shape is a repeat: %s', (_, first, second) => {
  expect(isRepeat(first, second)).toBe(true)
})

test.each<[string, Change, Change]>([
  [
    'a reworded question',
    prose(sort, ...costs),
    prose('In the worst case, what time complexity does quicksort have?', 'O(n)', 'x', 'y', 'z'),
  ],
  [
    'the same options in another order',
    prose(
      'Which structure removes the element that was added last?',
      'a stack',
      'a queue',
      'a heap',
      'a set',
    ),
    prose(
      'Which data structure removes the element that was added last?',
      '`a stack`',
      'a set',
      'a queue.',
      'a heap',
    ),
  ],
  [
    'a plural',
    prose('Which HTTP method is used to update part of a resource?', 'PATCH', 'PUT', 'POST', 'GET'),
    prose('Which HTTP methods update a part of resources?', 'PATCH', 'x', 'y', 'z'),
  ],
])(
  'a question with the same key or options and mostly the same words is a repeat: %s',
  (_, first, second) => {
    expect(isRepeat(first, second)).toBe(true)
  },
)

const long =
  'Which header of an HTTP response tells a cache for how many seconds it may reuse the response without asking again?'
const title = toKnown({
  ...good,
  ...code(loop, 'The numbers of a list are added up by a loop. What is printed at the end?'),
}).title

test.each<[string, string, Change]>([
  ['a title that is cut', long, prose(long.slice(0, 80), 'w', 'x', 'y', 'z')],
  ['a title that is cut, with an ellipsis', long, prose(`${long.slice(0, 90)}…`, 'w', 'x', 'y', 'z')],
  ['a title that goes on', long, prose(`${long} Think of a private cache.`, 'w', 'x', 'y', 'z')],
  [
    'a title with its code, cut and on one line',
    title,
    prose(title.replace(/\s+/g, ' ').slice(0, 110), 'w', 'x', 'y', 'z'),
  ],
  ['a title with its code as the question', title, { question: title, code: 'log(1)' }],
  [
    'a title with a fence without a language',
    title.replace('```js', '```'),
    code(loop.replaceAll('total', 'sum')),
  ],
  ['a title with \\r\\n', title.replaceAll('\n', '\r\n'), code(loop.replaceAll('total', 'sum'))],
])('a question that the author copied from its prompt is a repeat: %s', (_, knownTitle, change) => {
  const known = { title: knownTitle, options: ['1', '2', '3', '4'], correctAnswerId: 0, fingerprint: null }
  expect(isNearRepeat({ ...good, ...change }, [known])).toBe(true)
})

test('a comparison with a thousand known questions takes less than a fifth of a second', () => {
  const known = Array.from({ length: 1000 }, (_, n) =>
    toKnown({
      ...good,
      code: `${loop}\nlog(${n}, "${'x'.repeat(n)}")`,
      answer: `${n}`,
      distractors: toDistractors(['a', 'b', 'c']),
    }),
  )
  const started = process.cpuUsage()
  isNearRepeat({ ...good, ...code(loop) }, known)
  expect(process.cpuUsage(started).user / 1000).toBeLessThan(200)
})
