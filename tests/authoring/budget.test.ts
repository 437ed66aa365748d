import { expect, test } from 'bun:test'
import { createBudget } from '../../src/authoring/budget.ts'

test('a budget gives three attempts', () => {
  const budget = createBudget(60_000)
  expect([1, 2, 3, 4].map(() => budget.takeAttempt())).toEqual([true, true, true, false])
})

test('a budget whose time is over, or that is cancelled, has no attempts left', () => {
  const cancelling = new AbortController()
  const budget = createBudget(60_000, cancelling.signal)
  expect(budget.attemptsLeft()).toBe(3)
  cancelling.abort()
  expect(budget.attemptsLeft()).toBe(0)
  expect(budget.takeAttempt()).toBe(false)
})
