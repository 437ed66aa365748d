import { expect, test } from 'bun:test'
import { createUserSlots } from '../../src/challenges/admission.ts'

test('as many are admitted at once as there are credits, each user for themselves', () => {
  const acquire = createUserSlots()
  const slots = Array.from({ length: 5 }, () => acquire('user_1'))

  expect(slots.map((slot) => slot.admit(2))).toEqual([true, true, false, false, false])
  expect(acquire('user_2').admit(1)).toBe(true)
  expect(acquire('user_3').admit(0)).toBe(false)
})

test('who leaves makes room for the next, if the credit is still there', () => {
  const acquire = createUserSlots()
  const first = acquire('user_1')
  expect(first.admit(1)).toBe(true)
  first.release()

  const second = acquire('user_1')
  expect(second.admit(1)).toBe(true)
})

test('a credit that was spent while the quota was looked at is not spent again', () => {
  const acquire = createUserSlots()
  const first = acquire('user_1')
  const second = acquire('user_1')
  expect(first.admit(1)).toBe(true)
  // The look of the second still counted the credit that the first has spent by now.
  first.release()

  expect(second.admit(1)).toBe(false)
  second.release()
  expect(acquire('user_1').admit(1)).toBe(true)
})

test('who was turned away leaves nothing behind', () => {
  const acquire = createUserSlots()
  const admitted = acquire('user_1')
  admitted.admit(1)
  const refused = acquire('user_1')
  expect(refused.admit(1)).toBe(false)
  refused.release()

  expect(acquire('user_1').admit(1)).toBe(false)
  admitted.release()
  expect(acquire('user_1').admit(1)).toBe(true)
})
