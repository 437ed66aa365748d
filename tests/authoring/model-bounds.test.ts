import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { readAuthored } from '../../src/authoring/authored.ts'
import { createParseBudget, parseLenient } from '../../src/authoring/model/lenient-json.ts'
import { readObject } from '../../src/authoring/model/objects.ts'
import { goodChallenge } from '../support/model.ts'

const size = 256 * 1024
const fill = (part: string, before = '') => before + part.repeat(size / Buffer.byteLength(part))
const challenge = JSON.stringify(goodChallenge())

/** Texts of 256 KiB, each of which makes some step of the reading as long as it can be. */
const floods: [string, string][] = [
  ...[
    '{',
    '[',
    '"',
    '\\',
    '`',
    '{}',
    '{"a":',
    '{"a":[',
    '{"a":1}',
    '{"a":"',
    '{"a":["',
    '{"',
    '{a:',
    "{'a':",
  ],
  ...['{"a":"\\d', '{"a":-', '{"a":tru', '{"a":{}},', '{"a":"{}"},', '{"__proto__":{}}', '{/* ', '{//', '{,'],
  ...[
    '<think>',
    '</think>',
    '</think>{',
    '<|message|>',
    '<|',
    '</aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    '[/THINK',
  ],
  ...[' ', '\n', '\u0301', '\ufeff', '"\n', `"${' '.repeat(50)}`, `{${' '.repeat(199)}`, challenge],
  ...[`</think>${challenge}`, `{"a":${JSON.stringify(challenge)}}`, '{"question":"a","answer":1,'],
].map((part) => [JSON.stringify(part), fill(part)])

const nested: [string, string][] = [
  ['a string that does not end', fill('x"y ', '{"a":"')],
  ['a string of quotes', fill('\\"', '{"a":"')],
  ['many members', fill('"a":1,', '{')],
  ['many texts that are objects', fill('"a":"{}",', '{')],
  ['many elements', fill('1,', '{"a":[')],
  ['a long number', fill('1', '{"a":')],
  ['a long word', fill('a', '{"a":')],
  ['a JSON string of objects', JSON.stringify(fill('{"a":').slice(0, size / 2))],
  ['objects within a text', `{"a":${JSON.stringify(fill('{"b":"').slice(0, size / 3))}}`],
  ['strings in strings', fill(`"'`)],
]

test.each([...floods, ...nested])('the work for an answer of 256 KiB of %s is bounded', (_, text) => {
  const budget = createParseBudget()
  const before = process.cpuUsage()

  readObject(text, readAuthored, budget)

  expect(budget.spent.attempts).toBeLessThanOrEqual(1001)
  expect(budget.spent.values).toBeLessThanOrEqual(3002)
  expect(budget.spent.characters).toBeLessThanOrEqual(256 * 1024)
  // Work that grows faster than the text takes seconds. Processor time, since the machine may be busy.
  const { user, system } = process.cpuUsage(before)
  expect((user + system) / 1000).toBeLessThan(500)
})

test('a question after 100 KB of thoughts with braces is read', () => {
  const code = 'if (x) { return {a, b} } else { print({1: [1, 2]}) } '.repeat(1800)
  const json = '{"a": [1, 2]} '.repeat(8000)

  for (const text of [
    `${code}\n${challenge}`,
    `${code}</think>${challenge}`,
    `${json}</think>${challenge}`,
  ]) {
    expect(readObject(text, readAuthored)?.answer).toBe(JSON.parse(challenge).answer)
  }
})

/** The value as the parser returns it: with texts in place of numbers and booleans. */
function spell(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(spell)
  if (value === null || typeof value !== 'object') return value === null ? null : String(value)
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, spell(member)]))
}

test('JSON is read as JSON.parse reads it, with any white space', () => {
  const values = fc.jsonValue({ maxDepth: 4, noUnicodeString: false })
  fc.assert(
    fc.property(values, fc.nat({ max: 3 }), (value, indent) => {
      const json = JSON.stringify(value, null, indent)
      expect(parseLenient(json).value).toEqual(spell(JSON.parse(json)) as never)
    }),
    { numRuns: 500 },
  )
})

test('any text is read without an error', () => {
  const parts = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '\\',
    ':',
    ',',
    '\n',
    ' ',
    'a',
    '1',
    '//',
    '/*',
    '*/',
  )
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 60 }), (text) => {
      const whole = text.join('')
      const { end } = parseLenient(whole)
      expect(end).toBeWithin(0, whole.length + 1)
      readObject(`{"a":${whole}`, () => undefined)
    }),
    { numRuns: 2000 },
  )
})
