import { describe, expect, test } from 'bun:test'
import { Type } from '@sinclair/typebox'
import { checkAsset } from '../../src/authoring/asset.ts'
import { createBank, readBank } from '../../src/authoring/bank.ts'
import { lint } from '../../src/authoring/lint.ts'
import { toFingerprint } from '../../src/fingerprint.ts'
import { difficulties } from '../../src/question.ts'
import { meanChance } from '../support/bank-cues.ts'

const bank = await readBank()

const repeated = (items: readonly string[]) => items.filter((item, at) => items.indexOf(item) !== at)

test('an embedded file with a fault is refused by its name and the place of the fault', () => {
  const List = Type.Array(Type.Object({ id: Type.String() }))

  expect(checkAsset(List, [{ id: 'a' }], 'bank/lua.yaml')).toEqual([{ id: 'a' }])
  expect(() => checkAsset(List, [{ id: 'a' }, {}], 'bank/lua.yaml')).toThrow(
    'src/authoring/bank/lua.yaml: /1/id: Expected required property.',
  )
})

test('an entry has another fingerprint once any of its texts, its key or its topic is corrected', () => {
  const [entry] = bank.filter(({ code, difficulty }) => code && difficulty === 'easy')
  if (!entry) throw new Error('The bank has no easy entry with code.')
  const { answer, distractors, topic } = entry
  const [first = { text: '', misconception: '' }, ...others] = distractors
  const toFingerprints = (...entries: typeof bank) =>
    createBank(entries, [topic, 'swift']).easy.map(({ fingerprint }) => fingerprint)
  const corrections = ['question', 'code', 'answer', 'explanation'].map((member) => ({
    ...entry,
    [member]: 'corrected',
  }))
  const swapped = { ...entry, answer: first.text, distractors: [{ ...first, text: answer }, ...others] }
  const noted = { ...entry, distractors: [{ ...first, misconception: 'corrected' }, ...others] }
  const moved = { ...entry, topic: 'swift' as const }

  const fingerprints = toFingerprints(entry, ...corrections, swapped, noted, moved)

  expect(repeated(fingerprints.map(String))).toEqual([])
  expect(fingerprints).toHaveLength(8)
  expect(toFingerprints({ ...entry })).toEqual(fingerprints.slice(0, 1))
})

describe('the bank', () => {
  test.each([...difficulties])('has at least 30 challenges that are %s', (difficulty) => {
    expect(bank.filter((entry) => entry.difficulty === difficulty).length).toBeGreaterThanOrEqual(30)
  })

  test('obeys the rules for challenges of the model', () => {
    const broken = bank
      .map(({ id, code = null, prints = false, ...entry }) => ({
        id,
        rule: lint({ ...entry, code, prints }),
      }))
      .filter(({ rule }) => rule)
    expect(broken).toEqual([])
  })

  test('has no repeated id and no repeated question', () => {
    expect(repeated(bank.map(({ id }) => id))).toEqual([])
    expect(repeated(bank.map(({ question, code = null }) => toFingerprint(question, code)))).toEqual([])
  })

  test('names a language if and only if there is code', () => {
    expect(bank.filter(({ code, language }) => !code !== !language)).toEqual([])
  })

  test('covers the promised languages', () => {
    const languages = new Set(bank.map(({ language }) => language))
    for (const language of ['javascript', 'typescript', 'python', 'sql', 'bash', 'http']) {
      expect(languages).toContain(language)
    }
  })

  describe.each(['of any difficulty', ...difficulties])('with its questions %s', (name) => {
    const entries = bank.filter(({ difficulty }) => name === 'of any difficulty' || difficulty === name)

    test('does not give the key away by its length', () => {
      expect(meanChance(entries, 'longest')).toBeLessThanOrEqual(0.3)
    })

    test.each(['pairs', 'words', 'edits'] as const)(
      'does not give the key away as the option most like the others by %s',
      (likeness) => {
        expect(meanChance(entries, likeness)).toBeLessThanOrEqual(0.32)
      },
    )
  })

  test('does not refer to options by position or letter, since they are shuffled', () => {
    const place =
      /\b(?:first|second|third|fourth|last) (?:option|answer|choice)\b|\b(?:option|answer|choice) [A-D1-4]\b/i
    expect(bank.filter(({ question, explanation }) => place.test(`${question} ${explanation}`))).toEqual([])
  })
})
