import { describe, expect, test } from 'bun:test'
import { type Figures, findSuspicion } from '../../src/suspicion.ts'

/** A circulating question whose key is 3. */
const figures = (more: Partial<Figures>): Figures => ({
  ...{ state: 'circulating', source: 'ai', correctAnswerId: 3, answers: [0, 0, 0, 0], reports: 0 },
  ...{ kept: false, clearedAnswers: 0, clearedReports: 0 },
  ...more,
})

describe('a question is suspected by its answers', () => {
  test.each([
    ['fifteen answers, twelve of them for a distractor', [12, 0, 0, 3], 'answers'],
    ['a key that nobody chooses', [8, 7, 0, 0], 'answers'],
    ['a distractor at any place', [2, 1, 9, 3], 'answers'],
    ['many answers', [0, 9000, 0, 3000], 'answers'],
    ['fourteen answers', [12, 0, 0, 2], undefined],
    ['a distractor that is chosen seven times', [7, 4, 4, 0], undefined],
    ['a distractor that is chosen less than three times as often as the key', [11, 0, 0, 4], undefined],
    ['many answers, just below three times', [0, 8999, 0, 3000], undefined],
    ['a key that everybody chooses', [0, 0, 0, 50], undefined],
  ])('%s', (_, answers, expected) => {
    expect<unknown>(findSuspicion(figures({ answers }))).toBe(expected)
  })
})

describe('a question is suspected by its reports', () => {
  test.each([
    [2, 0, 0, undefined],
    [3, 0, 0, 'reports'],
    [5, 3, 1, undefined],
    [6, 3, 1, 'reports'],
    // The answers have not doubled since the second look: there were none, and there are none.
    [600, 3, 0, undefined],
  ])(
    '%i reports, %i of them before the last second look, and %i answers',
    (reports, clearedReports, answers, expected) => {
      const one = figures({ reports, clearedReports, answers: [0, 0, 0, answers] })
      expect<unknown>(findSuspicion(one)).toBe(expected)
    },
  )
})

test('a cleared question is suspected only when its answers have doubled', () => {
  const cleared = (answers: number[], clearedAnswers: number, reports = 0) =>
    findSuspicion(figures({ answers, clearedAnswers, reports }))
  expect(cleared([5, 5, 5, 14], 15, 3)).toBeUndefined()
  expect(cleared([5, 5, 5, 15], 15, 3)).toBe('reports')
  expect(cleared([29, 0, 0, 0], 15)).toBeUndefined()
  expect(cleared([30, 0, 0, 0], 15)).toBe('answers')
  // A second look after three reports, before there were fifteen answers.
  expect(cleared([14, 0, 0, 0], 3)).toBeUndefined()
  expect(cleared([15, 0, 0, 0], 3)).toBe('answers')
})

test.each<Partial<Figures>>([
  { state: 'suspected' },
  { state: 'retired' },
  { state: 'ready' },
  { source: 'bank' },
  { kept: true },
])('a question with %p is not suspected', (more) => {
  expect(findSuspicion(figures({ answers: [50, 0, 0, 0], reports: 50, ...more }))).toBeUndefined()
})
