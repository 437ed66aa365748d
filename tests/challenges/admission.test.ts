import { expect, test } from 'bun:test'
import { createUserSlots } from '../../src/challenges/admission.ts'

test('a user has as many requests admitted at once as credits', () => {
  const acquire = createUserSlots()
  const slots = Array.from({ length: 5 }, () => acquire('user_1'))

  expect(slots.map((slot) => slot.admit(2))).toEqual([true, true, false, false, false])
  expect(acquire('user_2').admit(1)).toBe(true)
  expect(acquire('user_3').admit(0)).toBe(false)
})

test('a request that leaves makes room for the next one', () => {
  const acquire = createUserSlots()
  const first = acquire('user_1')
  expect(first.admit(1)).toBe(true)
  first.release()

  const second = acquire('user_1')
  expect(second.admit(1)).toBe(true)
})

test('a credit that is spent while another request reads the quota is not spent twice', () => {
  const acquire = createUserSlots()
  const first = acquire('user_1')
  const second = acquire('user_1')
  expect(first.admit(1)).toBe(true)
  // The second request read the quota before the first request spent its credit.
  first.release()

  expect(second.admit(1)).toBe(false)
  second.release()
  expect(acquire('user_1').admit(1)).toBe(true)
})

test('a refused request frees no slot', () => {
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
