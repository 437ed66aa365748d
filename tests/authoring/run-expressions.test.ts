import { afterAll, expect, test } from 'bun:test'
import type { Proof } from '../../src/question.ts'
import { createPatientSandbox, proveEach } from '../support/sandbox.ts'

const sandbox = createPatientSandbox()
afterAll(() => sandbox[Symbol.asyncDispose]())

test.each<[question: string, code: string | null, options: string[], proof: Proof]>([
  ['What does `3 > 2 > 1` give?', null, ['false', 'true', 'undefined', 'NaN'], 'proven'],
  ['What does `3 > 2 > 1` give?', null, ['true', 'false', 'undefined', 'NaN'], 'refuted'],
  ['What is the value of `7 / 2`?', null, ['3', '4', '2', '1'], 'refuted'],
  ['What does `7 / 2` evaluate to in JavaScript?', null, ['3.5', '3', '4', 'NaN'], 'proven'],
  ['What does `typeof null` return?', null, ["'object'", "'null'", "'undefined'", "'number'"], 'proven'],
  ['What does `typeof null` return?', null, ['object', 'null', 'undefined', 'number'], 'proven'],
  ['What does `[1, 2, 3].map(x => x * 2)` return?', null, ['[2, 4, 6]', '[1, 2, 3]', '6', '[]'], 'proven'],
  ['What does `console.log(1 + "2")` print?', null, ['12', '3', 'NaN', '1 2'], 'proven'],
  ['What is the result of this expression?', '[] + []', ["''", '[]', 'undefined', '0'], 'proven'],
  ['What is the result?', '"5" - 2;', ['3', '52', 'NaN', '"3"'], 'proven'],
  // As a statement, this is a block.
  ['What is the result of `{} + []`?', null, ['0', '"[object Object]"', 'NaN', '{}'], 'unproven'],
  ['What is the length of `"abc" + 1`?', null, ['4', '3', '2', '1'], 'unproven'],
  ['What is the type of the result of `"1" + 1`?', null, ['string', 'number', 'NaN', 'object'], 'unproven'],
  ['What does `items.sort()` return?', null, ['items', 'undefined', 'null', '1'], 'unproven'],
  [
    'What does `new Promise(() => {})` return?',
    null,
    ['A pending promise', 'undefined', 'null', '1'],
    'unproven',
  ],
  ['Which of `1` and `2` is greater?', null, ['2', '1', 'both', 'neither'], 'unproven'],
  ['What does `1) + (2` give?', null, ['3', '2', '1', '0'], 'unproven'],
  ['What is the sum of the digits of `2 ** 10`?', null, ['7', '1024', '8', '6'], 'unproven'],
  ['Why does this code give 3?', '1 + 2', ['3', '2', '1', '0'], 'unproven'],
  ['What is the value of `x` here?', 'const x = 1 + 2', ['3', '2', '1', '0'], 'unproven'],
])('%s %j with %j is %s', async (question, code, [answer = '', ...distractors], proof) => {
  const [found] = await proveEach(sandbox, { question, code, prints: false, answer, distractors })
  expect(found).toBe(proof)
})

test('code of another language is not run', async () => {
  const asked = { code: 'print(1)', language: 'python', answer: '1', distractors: ['2', '3', '4'] }
  expect(await proveEach(sandbox, asked)).toEqual(['unproven', 'unproven', 'unproven', 'unproven'])
})
