import { afterAll, expect, test } from 'bun:test'
import { readBank } from '../../src/authoring/bank.ts'
import { createPatientSandbox, proveEach } from '../support/sandbox.ts'

const bank = await readBank()

const sandbox = createPatientSandbox()
afterAll(() => sandbox[Symbol.asyncDispose]())

const printing = bank.filter(
  ({ prints, language }) => prints && (language === 'javascript' || language === 'typescript'),
)

test('the bank has questions whose key can be proven', () => {
  expect(printing.length).toBeGreaterThan(10)
})

test.each(printing.map((entry) => [entry.id, entry] as const))(
  'the key of %s is proven, and each of its distractors refuted as a key',
  async (_, { question, code = null, language, answer, distractors }) => {
    const texts = distractors.map(({ text }) => text)
    const proofs = await proveEach(sandbox, {
      question,
      code,
      language: language ?? '',
      answer,
      distractors: texts,
    })

    expect(proofs).toEqual(['proven', 'refuted', 'refuted', 'refuted'])
  },
)
