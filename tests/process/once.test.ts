import { expect, test } from 'bun:test'
import { once } from '../../src/once.ts'

test('a part is loaded once for concurrent callers, and again after a failure', async () => {
  let loads = 0
  const load = once(async () => {
    loads++
    if (loads === 1) throw new Error('too many open files')
    return loads
  })

  const failed = await Promise.allSettled([load(), load()])
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(await Promise.all([load(), load()])).toEqual([2, 2])
  expect(loads).toBe(2)
})
