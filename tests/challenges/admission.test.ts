import { expect, test } from 'bun:test'
import { createAdmission } from '../../src/challenges/admission.ts'

test('as many are admitted at once as there are credits, each user for themselves', () => {
  const arrive = createAdmission()
  const tickets = Array.from({ length: 5 }, () => arrive('user_1'))

  expect(tickets.map((ticket) => ticket.admit(2))).toEqual([true, true, false, false, false])
  expect(tickets[0]?.reserved()).toBe(2)
  expect(arrive('user_2').admit(1)).toBe(true)
  expect(arrive('user_3').admit(0)).toBe(false)
})

test('who leaves makes room for the next, if the credit is still there', () => {
  const arrive = createAdmission()
  const first = arrive('user_1')
  expect(first.admit(1)).toBe(true)
  first.leave()

  const second = arrive('user_1')
  expect(second.reserved()).toBe(0)
  expect(second.admit(1)).toBe(true)
})

test('a credit that was spent while the quota was looked at is not spent again', () => {
  const arrive = createAdmission()
  const first = arrive('user_1')
  const second = arrive('user_1')
  expect(first.admit(1)).toBe(true)
  // The look of the second still counted the credit that the first has spent by now.
  first.leave()

  expect(second.admit(1)).toBe(false)
  second.leave()
  expect(arrive('user_1').admit(1)).toBe(true)
})

test('who was turned away leaves nothing behind', () => {
  const arrive = createAdmission()
  const admitted = arrive('user_1')
  admitted.admit(1)
  const refused = arrive('user_1')
  expect(refused.admit(1)).toBe(false)
  refused.leave()

  expect(admitted.reserved()).toBe(1)
  admitted.leave()
  expect(arrive('user_1').reserved()).toBe(0)
})
