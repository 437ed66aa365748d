import { afterAll, expect, test } from 'bun:test'
import { createSandbox } from '../../src/authoring/run/sandbox.ts'
import { proveEach } from '../support/sandbox.ts'

const sandbox = createSandbox()
afterAll(() => sandbox[Symbol.asyncDispose]())

/** The proof of the first option as the key. */
const prove = async (code: string | null, [answer = '', ...distractors]: string[], more: object = {}) =>
  (await proveEach(sandbox, { code, answer, distractors, ...more }))[0]

test.each<[code: string, options: string[]]>([
  ['console.log([1, 2, 3].map(x => x * 2))', ['[2, 4, 6]', '[1, 2, 3]', '[2, 4]', '246']],
  ['console.log({ a: "x", b: [1] })', ['{ a: "x", b: [1] }', '{ a: x }', '{}', '[1]']],
  ['console.log("a"); console.log("b")', ['a, b', 'b, a', 'a', 'b']],
  ['console.log("a"); console.log("b")', ['a then b', 'b then a', 'a', 'b']],
  ['console.log("a"); console.log("b")', ['a\nb', 'b\na', 'ab', 'a']],
  ['console.log("a"); console.log("b")', ['a\\nb', 'b\\na', 'a', 'b']],
  ['for (let i = 0; i < 3; i++) setTimeout(() => console.log(i))', ['0 1 2', '3 3 3', '0 0 0', '2 1 0']],
  ['console.log(typeof null)', ['`object`', '`null`', '`undefined`', '`number`']],
  ['console.log(typeof null)', ['"object"', '"null"', '"undefined"', '"number"']],
  ['console.log(0.1 + 0.2 === 0.3)', ['false', 'true', 'undefined', 'NaN']],
  ['null.x', ['TypeError', 'undefined', 'null', 'ReferenceError']],
  ['null.x', ['It throws a TypeError', 'It prints undefined', 'It prints null', 'It throws a SyntaxError']],
  ['console.log(1); x; let x', ['1, then ReferenceError', '1, then undefined', '1', 'ReferenceError']],
  ['throw new Error("boom")', ['Error: boom', 'boom', 'undefined', 'Error: Error: boom']],
  ['if (false) console.log(1)', ['Nothing is printed', '1', 'false', 'undefined']],
])('proves the key of %j among %j', async (code, options) => {
  expect(await prove(code, options)).toBe('proven')
})

test.each<[code: string, options: string[]]>([
  ['console.log(7 / 2)', ['3', '3.5', '4', 'NaN']],
  ['console.log(7 / 2)', ['3', '4', '2', 'NaN']],
  ['console.log([1, 2])', ['[2, 1]', '12', '[1, 2, 3]', '1']],
  ['console.log("a"); console.log("b")', ['b, a', 'a, b', 'a', 'b']],
  ['null.x', ['undefined', 'TypeError', 'null', '0']],
  ['null.x', ['undefined', 'null', '0', 'NaN']],
  ['console.log(1)', ['TypeError', '2', '3', '4']],
])('refutes the key of %j among %j', async (code, options) => {
  expect(await prove(code, options)).toBe('refuted')
})

test.each<[why: string, code: string, options: string[]]>([
  ['a missing API', 'console.log(structuredClone({ a: 1 }).a)', ['1', '2', '3', '4']],
  [
    'a missing API whose lack is caught',
    'try { require("fs"); console.log(1) } catch { console.log(2) }',
    ['2', '1', '3', '4'],
  ],
  ['a missing method', 'console.log(typeof Array.fromAsync)', ['undefined', 'function', 'object', 'string']],
  ['the time', 'console.log(new Date().getFullYear() > 1)', ['true', 'false', '1', '0']],
  ['chance', 'console.log(Math.random() < 2)', ['true', 'false', '1', '0']],
  ['a locale', 'console.log((1234.5).toLocaleString())', ['1234.5', '1,234.5', '1234', '1']],
  ['a mode: strict or sloppy', 'x = 1; console.log(x)', ['1', 'undefined', '2', '0']],
  [
    'a mode: strict, with the answer of sloppy code',
    'const o = Object.freeze({ a: 1 }); o.a = 2; console.log(o.a)',
    ['1', '2', 'TypeError', '0'],
  ],
  ['a host: the value of this', 'console.log(this)', ['{}', 'undefined', 'null', 'window']],
  [
    'a message of the engine',
    'try { null.x } catch (e) { console.log(e.message) }',
    ["Cannot read properties of null (reading 'x')", 'null', 'x', 'undefined'],
  ],
  ['an error as a whole', 'console.log(new Error("a"))', ['Error: a', 'a', 'Error', 'undefined']],
  ['a promise as a value', 'console.log(Promise.resolve(1))', ['Promise { 1 }', '1', 'undefined', '{}']],
  ['a table', 'console.table([1])', ['1', '0', '2', '3']],
  [
    'a race of timers',
    'setTimeout(() => { setTimeout(() => console.log(1), 1) }, 1); setTimeout(() => console.log(2), 2)',
    ['2, 1', '1, 2', '1', '2'],
  ],
  ['two options that say it', 'console.log("a"); console.log("b")', ['a, b', 'a b', 'b, a', 'a']],
  ['an answer in words', 'console.log([1, 2])', ['The two numbers of the list', '1', '2', '[]']],
  ['another form of a list', 'console.log([1, 2])', ['1,2', '12', '[1, 2, 3]', '1']],
  ['another form of a Map', 'console.log(new Map([[1, 2]]))', ['Map { 1 => 2 }', '{}', '[]', 'Map']],
  [
    'two options with one error',
    'null.x',
    [
      "TypeError: Cannot read properties of null (reading 'x')",
      'TypeError: null is not an object',
      'x',
      'null',
    ],
  ],
  ['TypeScript that is called JavaScript', 'const a: number = 1; console.log(a)', ['1', '2', '3', '4']],
  ['a name that only the question explains', 'console.log(sizes[0])', ['1', '2', '3', '4']],
  ['an import', 'import fs from "fs"; console.log(1)', ['1', '2', '3', '4']],
  [
    'a rejection that nobody handles',
    'Promise.reject(new Error()); setTimeout(() => console.log("x"))',
    ['x', 'Error', '1', 'nothing'],
  ],
  [
    'a promise that stays rejected',
    'async function f() { throw 1 } f(); setTimeout(() => console.log("x"))',
    ['x', '1', 'y', 'z'],
  ],
])('neither proves nor refutes a key that depends on %s', async (_, code, options) => {
  expect(await prove(code, options)).toBe('unproven')
})
