import { expect, test } from 'bun:test'
import { day, noon } from '../support/clock.ts'
import { type Connections, claimOf, nextNumber, question } from '../support/contract.ts'

const newUser = () => `granted ${nextNumber()}`

/** The contract of a store for credits that an operator shows and sets. */
export function testCredits(connections: Connections) {
  test('finds a stored quota without changing it, and opens no quota', async () => {
    const { store, other } = connections()
    const userId = newUser()
    expect(await store.findQuota(userId)).toBeUndefined()
    const opened = await other.refreshQuota(userId, noon)
    expect(opened.lastReset).toBe(noon)
    expect(await store.findQuota(userId)).toEqual(opened)
  })

  test('sets the credits that are left; the limit rises with them and never falls, the reset stays', async () => {
    const { store, other } = connections()
    const userId = newUser()
    const opened = await store.refreshQuota(userId, noon)
    for (const [remaining, limit] of [
      [40, 40],
      [0, 40],
      [2, 40],
    ] as const) {
      const expected = { ...opened, remaining, limit }
      expect(await store.setCredits(userId, remaining, noon + 5)).toEqual(expected)
      expect(await other.findQuota(userId)).toEqual(expected)
      expect(await other.refreshQuota(userId, noon + 6)).toEqual(expected)
    }
    expect(await store.refreshQuota(userId, noon + day)).toMatchObject({ remaining: 2, limit: 2 })
  })

  test('refills before it sets the credits, so that the next look keeps them', async () => {
    const { store, other } = connections()
    const userId = newUser()
    await store.refreshQuota(userId, noon)
    const later = noon + 2 * day
    const set = { remaining: 9, limit: 9, lastReset: later }
    expect(await store.setCredits(userId, 9, later)).toMatchObject(set)
    expect(await other.refreshQuota(userId, later + 1)).toMatchObject(set)
  })

  test('sets no credits of a user without a quota, or of an erased one', async () => {
    const { store, other } = connections()
    const userId = newUser()
    expect(await store.setCredits(userId, 9, noon)).toBeUndefined()
    await store.openQuota(userId, noon)
    await store.eraseUser(userId)
    expect(await store.setCredits(userId, 9, noon)).toBeUndefined()
    expect(await other.findQuota(userId)).toBeUndefined()
  })

  test('claims in flight are charged before the credits are set, or after it', async () => {
    const { store, other } = connections()
    const userId = newUser()
    await store.openQuota(userId, noon)
    await store.setCredits(userId, 20, noon)
    const claimSix = () =>
      [store, other, store, other, store, other].map((connection) =>
        connection.claim(claimOf(userId, { supply: { from: 'model', question: question() } })),
      )
    const early = claimSix()
    const set = other.setCredits(userId, 5, noon)
    const outcomes = await Promise.all([...early, ...claimSix()])
    expect(await set).toMatchObject({ remaining: 5, limit: 20 })

    const lefts = outcomes.flatMap(({ outcome, quota }) => (outcome === 'claimed' ? [quota.remaining] : []))
    // Twelve claims leave 8 of 20 credits at least.
    const before = lefts.filter((left) => left >= 8).toSorted((a, b) => b - a)
    const after = lefts.filter((left) => left < 8).toSorted((a, b) => b - a)
    expect(before).toEqual(before.map((_, n) => 19 - n))
    expect(after).toEqual(after.map((_, n) => 4 - n))
    expect((await store.findQuota(userId))?.remaining).toBe(5 - after.length)
    if (lefts.length < 12) expect(after).toHaveLength(5)
  })
}
