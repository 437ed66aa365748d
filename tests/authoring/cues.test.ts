import { expect, test } from 'bun:test'
import { chanceOfLongest, chanceOfMostAlike } from '../../src/commands/quality-cues.ts'
import { likenesses } from '../support/bank-cues.ts'

const measures = Object.entries(likenesses)

test('the longest option is right, wrong, or one of several that are equally long', () => {
  expect(chanceOfLongest({ options: ['a', 'bbb', 'cc', 'd'], correctAnswerId: 1 })).toBe(1)
  expect(chanceOfLongest({ options: ['a', 'bbb', 'cc', 'd'], correctAnswerId: 2 })).toBe(0)
  expect(chanceOfLongest({ options: ['aaa', 'bbb', 'cc', 'd'], correctAnswerId: 1 })).toBe(0.5)
})

test.each(measures)('the option in the middle of variants is the most alike (%s)', (_, likeness) => {
  const options = ['git log x', 'git show --all x', 'git log --all x', 'git log --all y']
  expect(options.map((_, at) => chanceOfMostAlike({ options, correctAnswerId: at }, likeness))).toEqual([
    0, 0, 1, 0,
  ])
})

test.each(measures)('two pairs of like options tell nothing (%s)', (_, likeness) => {
  const options = ['3 and 4', '4 and 3', '3 and 3', '4 and 4']
  const chances = options.map((_, at) => chanceOfMostAlike({ options, correctAnswerId: at }, likeness))
  expect(chances.reduce((sum, chance) => sum + chance)).toBeCloseTo(1, 9)
  expect(Math.max(...chances)).toBeLessThanOrEqual(0.5)
})

test.each(measures)(
  'likeness is 1 for equal texts, and 0 for texts with nothing in common (%s)',
  (_, likeness) => {
    expect(likeness('let total = 0', 'LET total = 0')).toBe(1)
    expect(likeness('aa bb', 'xx-yy')).toBe(0)
    expect(likeness('x', 'y')).toBe(0)
  },
)
