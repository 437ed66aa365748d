import { expect, test } from 'bun:test'
import { createSmallLibraries } from '../../src/store/postgres/small-libraries.ts'
import { claimOf } from '../support/contract.ts'

const request = claimOf('user_1', { topic: 'sql' })

test('half as many claims as a library lacks questions pass over it, and then a claim looks again', () => {
  const small = createSmallLibraries(() => 0)
  const countPassing = () => {
    let count = 0
    while (small.pass(request, 1000)) count++
    return count
  }
  expect(countPassing()).toBe(0)
  for (const [lacking, passing] of [
    [1, 0],
    [7, 3],
    [1000, 100],
  ] as const) {
    small.remember(request, 1000, lacking)
    expect([lacking, countPassing()]).toEqual([lacking, passing])
  }
})

test('claims for another topic, difficulty or size look, and every claim does after a second', () => {
  let time = 0
  const small = createSmallLibraries(() => time)
  small.remember(request, 1000, 1000)
  for (const [other, least] of [
    [{ ...request, topic: undefined }, 1000],
    [{ ...request, difficulty: 'hard' as const }, 1000],
    [request, 1],
  ] as const)
    expect(small.pass(other, least)).toBe(false)
  expect(small.pass(request, 1000)).toBe(true)
  time = 1001
  expect(small.pass(request, 1000)).toBe(false)
})
