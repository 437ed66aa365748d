import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { isUnsafeMarkdown } from '../../src/authoring/markdown.ts'

test.each([
  ...[
    '<b>bold</b>',
    'a <i>b</i> c',
    '</p>',
    '<br>',
    '<br/>',
    '<img src=x onerror=alert(1)>',
    '<SCRIPT>x</SCRIPT>',
  ],
  ...[
    '<a href="javascript:alert(1)">x</a>',
    '<x-element data-a="1">',
    '<svg/onload=alert(1)>',
    'List<String>',
  ],
  ...['<!-- a comment -->', '<!DOCTYPE html>', '<?php echo 1 ?>', '<![CDATA[x]]>', '<div', '<iframe\nsrc=x>'],
])('raw HTML is rejected: %j', (text) => {
  expect(isUnsafeMarkdown(text)).toBe(true)
})

// https://spec.commonmark.org/0.31.2/#code-spans and #fenced-code-blocks
test.each([
  ['backticks that are escaped open nothing', '\\`<b>\\`'],
  ['an escaped backtick opens nothing, and the next one is alone', '\\`a <b> `'],
  ['a backslash inside code escapes nothing', '`a\\` <b> `'],
  ['a run is not closed by a longer one', '` <b> ``'],
  ['a run is not closed by a shorter one', '`` <b> `'],
  ['the first run of the length closes', '`a` <b> `c`'],
  ['a longer run inside is content', '`` a ` b `` <b> ``'],
  ['code ends with its paragraph', 'a ` b\n\n<b> ` c'],
  ['a blank line may hold spaces', 'a ` b\n \t\n<b> ` c'],
  ['a block of HTML ends the paragraph, and its code', 'a `\n<div onclick=x>\n` b'],
  ['a script ends the paragraph, and its code', '`\n<script>alert(1)</script>\n`'],
  ['a heading ends at its line, and its code', '# a `\n<b>x</b>\n# `'],
  ['a list item ends the code before it', '`\n- <b>x</b> `'],
  ['a quotation ends the code before it', '`\n> <b>x</b> `'],
  ['a rule ends the code before it', '`\n***\n<b>x</b> `'],
  ['an underlined heading ends its code', 'a `\n===\n<b>x</b> `'],
  ['a fence that is closed leaves what follows open', '```\na\n```\n<b>'],
  ['a fence is not closed by the other kind', '```\na\n~~~\n```\n<b>\n~~~'],
  ['a fence may be closed by a longer one', '```\na\n`````\n<b>'],
  ['a fence of backticks has none in its info', '``` a`b\n<b>\n```'],
  ['a fence that is indented by four is none', 'a\n\n    ```\n<b>\n\n    ```'],
  ['a fence in a quotation ends with it', '> ```\n<img src=x>\n> ```'],
  ['a fence in a list ends with it', '- a\n\n  ```\n<img src=x>\n  ```'],
  ['fences in lists are fences', '- ```\n  a\n  ```\n\n<img src=x>\n\n- ```\n  a\n  ```'],
  ['only spaces and tabs may follow a closing fence', '```\na\n```\u00a0\n```\n<img src=x>\n```'],
])('raw HTML beside code is rejected: %s', (_, text) => {
  expect(isUnsafeMarkdown(text)).toBe(true)
})

test.each([
  ['a fence', 'What?\n\n```js\nlog(1)'],
  ['a fence of tildes', '~~~\nlog(1)\n~~'],
  ['a longer fence', '````\nlog(1)\n```'],
  ['a fence whose end has words', '```\nlog(1)\n``` end'],
  ['a second fence', '```\na\n```\n```\nb'],
])('a fence that would swallow the text after it is rejected: %s', (_, text) => {
  expect(isUnsafeMarkdown(text)).toBe(true)
})

test.each([
  ...['![x](https://evil.test/p.png)', '![x][y]\n\n[y]: https://evil.test', '[x](javascript:alert(1))'],
  ...['[x](JAVASCRIPT:alert(1))', '[x](<javascript:alert(1)>)', '[x]( data:text/html,x)', '[x](/logout)'],
  ...[
    '[x]: javascript:alert(1)\n\n[x]',
    '> [x]: javascript:alert(1)\n\n[x]',
    '- [x]: javascript:alert(1)\n\n[x]',
  ],
  // Links by the specification, though not every parser makes them.
  ...['[x][ y\n\n[x]: javascript:alert(1)', '[x]: javascript:x<img>\t'],
  ...['[x\\]]: javascript:alert(1)\n\n[x\\]]', '[x](&#106;avascript:alert(1))', '<javascript:alert(1)>'],
])('an image or a link that does not lead to the web is rejected: %j', (text) => {
  expect(isUnsafeMarkdown(text)).toBe(true)
})

test.each([
  ...['', 'Plain.', '`<b>`', '``<b>``', '`` `<b>` ``', '``` `` <b> `` ```', '`List<String>` and `Map<K, V>`'],
  ...[
    'a < b',
    '1 <2',
    'a<3',
    'a <= b',
    'x << 1',
    '->, =>, <-, <->, <=>, <>',
    'a > b',
    '5 > 3 < 4',
    '<',
    '<<',
  ],
  ...['`a\\` and `<b>`', '\\\\`<b>`', '\\`a `<b>` c', '`` ` `` and `<b>`', '`a``b` `<c>`', '&lt;b&gt;'],
  ...[
    '```\n<b>\n```',
    '```html\n<b>\n```\nEnd.',
    '~~~\n<b>\n```\n~~~',
    '````\n```\n<b>\n````',
    '```\n\n<b>\n\n```',
  ],
  ...[
    '~~~ a`b\n<b>\n~~~',
    'Text\n```\n<b>\n```',
    '```\n<b>\n``` \t',
    '   ```\n<b>\n   ```',
    '```\n<b>\n  ````',
  ],
  ...['**bold**, _light_, # no heading', '1. a\n2. b', '[docs](https://docs.test/a)', 'a[i] = b[j]'],
  ...['An ` alone', '`` alone', 'a \\` b', "`it's <b>` and `<c>`, not `<d>`", '*`<b>`*', '- `<b>`\n- `<c>`'],
])('code and words are accepted: %j', (text) => {
  expect(isUnsafeMarkdown(text)).toBe(false)
})

const tokens = [
  '<q>',
  '<div>',
  '`',
  '``',
  '```',
  '~~~',
  '\n',
  '\n\n',
  ' ',
  '    ',
  '\\',
  '- ',
  '> ',
  '# ',
  '***',
  'a',
]

test('a tag that a CommonMark parser renders is rejected beside any combination of marks', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...tokens), { maxLength: 12 }), (parts) => {
      const text = parts.join('')
      if (/<q>|<div>/.test(Bun.markdown.html(text))) expect(isUnsafeMarkdown(text)).toBe(true)
    }),
    { numRuns: 20_000 },
  )
})
