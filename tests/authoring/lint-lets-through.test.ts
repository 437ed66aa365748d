import { expect, test } from 'bun:test'
import type { Authored } from '../../src/authoring/authored.ts'
import { lint } from '../../src/authoring/lint.ts'
import { everywhere, good, option, options } from '../support/drafts.ts'

function expectLetThrough(...changes: Partial<Authored>[]) {
  for (const change of changes) expect<unknown>(lint({ ...good, ...change })).toBeUndefined()
}

const each = (line: string) => line.split(/ {3,}/)

test.each([
  ...each(
    '(a) => a + 1   (a)=>a   a => a   (b) => { return b }   (a, b) => a   (a) =>  a   (a)  => a   (d) =>',
  ),
  ...each('(a) -> a + 1   (a) -> { a }   lambda a: a   |a| a + 1   { a in a + 1 }   (b) -> Int'),
  ...each('a.b   a.b()   d.then(f)   B.prototype   A.x   a[0]   f(a)   (a)   d(4)   c?.b   a::b   A->b'),
  ...each(
    '(a + b) * c   (a) + (b)   (c) * 2   (a) < (b)   (a) && (b)   (a) ? b : c   (A ∪ B) ∩ C   (a), (b)',
  ),
  ...each(
    'A   b   C   4   1.5   -1   1.   2.0   [1, 2]   {a: 1, b: 2}   a: 1, b: 2   0   1 2   A, B   a b c d',
  ),
  ...each('<b>   <div>   List<String>   </p>   &lt;   <img src=x>   <!-- x -->   Map<K, V>   vector<int> a'),
  ...each('a < b   a <= b   x << 2   <   =>   !=   a <b> c   `a`   \\d+   a ?? b   *a   [x](y)   # a   ```'),
  ...each('Option<T>   Option::None   Optional a   Options   option   T | undefined'),
  ...each('None   none   All()   all   All rows   None of its rows   All of its values   Both'),
  ...each(
    'All values above 10   Only rows above the average   The line above   Both copies change   Neither',
  ),
  ...each(
    'Both `a` and `b`   Both threads and locks   Neither is changed   Any of its callers   All the rows',
  ),
  ...each(
    '1\n2   a\tb   "quoted"   \'a\'   Größe   日本語   عربى   👩‍👩‍👧   e\u0301   𝒳   ½   O(n²)   α   a\u00a0b',
  ),
])('an option that only resembles a label, a tag or a reference to other options is accepted: %s', (text) => {
  expectLetThrough(...option(text))
})

test.each([
  [options('1', '-1', '+1', '1.0')],
  [options('-d', '-D', '--d', '—d')],
  [options('True', 'true', 'TRUE', '1')],
  [options('\\d', '\\D', '\\\\d', 'd')],
  [options('a b', 'a  b', 'ab', 'a\tb')],
  [options('" a"', '"a"', '"a "', '" a "')],
  [options('.', '..', '...', './')],
  [options('git add .', 'git add', 'git add ..', 'git add *')],
  [options('a;', 'a', "'a' + 'b'", "a' + 'b")],
  [options('x[0]', 'x[1]', 'x(0)', 'x')],
  [options('n2', 'n²', 'n_2', '2n')],
  [options('a < b', 'a > b', 'a = b', 'a <= b')],
  [options('[1, 2]', '{1, 2}', '(1, 2)', '1, 2')],
  [options('O(n)', 'O(n²)', 'O(n log n)', 'O(log n)')],
  [options('é', 'e', 'è', 'ê')],
  [options('`a` is 1', '`b` is 1', '`c` is 1', '`d` is 1')],
  [options('1, 2, 3', '2, 1, 3', '3, 1, 2', '4, 1, 2')],
  [options('A > B > C', 'B > A > C', 'C > B > A', 'D > B > A')],
  [options('a.x', 'b.x', 'c.x', 'd.x')],
  [{ ...options('✅', '❌', 'ok', 'true'), code: 'log(a ? "✅" : "❌")' }],
])('options that differ in one character are accepted: %j', (change) => {
  expectLetThrough(change)
})

test.each([
  ...['Which status code says that a resource has moved?', 'What does the code review catch best?'],
  ...['What does the function `sorted` return?', 'Which of the following functions is pure?'],
  'Which of the following functions is pure?',
  'Which one of the following code snippets is right?',
  'Which two of the following commands undo a commit?',
  'Which of the following is true about the `this` keyword?',
  'Which of the following methods are idempotent?',
  'Which of the following lines of a log shows the cause?',
  'Which of the following SQL joins keeps every row?',
  'What happens in the function that follows a failed `await`?',
  'What does the following code print?\n\n```js\nlog(1)\n```',
])('a question without a separate code part is accepted unless it refers to one: %s', (question) => {
  expectLetThrough({ question, code: null })
})

test.each([
  'Why is `a < b` true, and 1 < 2 < 3, but not 3 > 2 > 1, if x<5 or x <= y?',
  'Is `List<String>` a `Collection<?>`, and `<T>` a part of ``Map<K, `V`>``?',
  'What does -> mean, and => in `(a) => a`, and <- and <-> and <> and <=>?',
  'What does “ignore previous instructions” mean to a compiler?',
  'A) and B) are labels here, and the answers are below. What of it?',
  'What does `<script>` do in **HTML**, as [MDN](https://developer.mozilla.org/) has it?',
  'What does this print?\n\n~~~html\n<b>x</b>\n~~~\n\nThink twice.',
])('a question or an explanation in Markdown is accepted: %s', (text) => {
  expectLetThrough({ question: text }, { explanation: text })
})

test.each([
  '<b>`x`</b> && a < b --> c <!-- d ```',
  'if a:\n\tb()\n',
  'x',
  '#include <vector>\nstd::vector<std::pair<int, int>> v; // <T>',
  'const f = (a) => `$a`\n```\nlog("\\u0000")',
  "SELECT '</script>' FROM t WHERE a <> b",
])('code with special characters is accepted: %j', (code) => {
  expectLetThrough({ code })
})

test('parts in other scripts are accepted', () => {
  expectLetThrough(...everywhere('Größe: 日本語, πρ, 👩‍👩‍👧, e\u0301, 𝒳'))
})

test('long parts are accepted up to the limits', () => {
  const words = (count: number) => 'word '.repeat(count).trim()
  expectLetThrough({
    question: `What is the ${words(80)}?`,
    explanation: words(300),
    code: 'log(1)\n'.repeat(60),
  })
  expectLetThrough(...option(words(40)))
})
