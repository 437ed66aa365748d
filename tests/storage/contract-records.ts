import { expect, test } from 'bun:test'
import { type Connections, claimOf, draft, nextNumber, noon } from '../support/contract.ts'

const day = 24 * 60 * 60 * 1000

/** What a store promises of what it keeps: questions, quotas, histories, and that they are forgotten. */
export function testRecords(connections: Connections) {
  test('stores no question twice, and knows which are asked', async () => {
    const { store, other } = connections()
    const first = draft()
    const { fingerprint } = first
    expect(await store.isAsked(String(fingerprint))).toBe(false)
    const added = await Promise.all([store.addReady(first, noon), other.addReady(first, noon)])
    expect(added.toSorted()).toEqual([false, true])
    expect(await other.isAsked(String(fingerprint))).toBe(true)
    expect(await store.recentTitles('easy', 1)).toEqual([first.title])
  })

  test('what the database refuses is told without a word of what was to be kept', async () => {
    const { store } = connections()
    const refused = draft({ title: 'secret', correctAnswerId: 7 })
    const failure = await store.addReady(refused, noon).catch((error: Error) => error.message)
    expect(failure).toContain('challenges_correct_answer_id')
    expect(failure).not.toContain('secret')
  })

  test('opens a quota once and refills it once, however many look', async () => {
    const { store, other } = connections()
    await Promise.all([1, 2, 3, 4].map((n) => (n % 2 ? store : other).openQuota('looker', noon + n)))
    const opened = await store.quota('looker', noon)
    expect(opened).toMatchObject({ userId: 'looker', remaining: 3, limit: 3 })
    const looks = Array.from({ length: 8 }, (_, n) =>
      (n % 2 ? store : other).quota('looker', noon + 2 * day + n),
    )
    const refills = new Set((await Promise.all(looks)).map(({ lastReset, id }) => `${id} ${lastReset}`))
    expect(refills.size).toBe(1)
    expect(await store.quota('looker', noon + 2 * day + 10)).toMatchObject({ remaining: 2, limit: 2 })
  })

  test('a history opens the quota, and what comes later finds it open', async () => {
    const { store, other } = connections()
    const page = { userId: 'visitor', limit: 10 }
    expect(await Promise.all([store.history(page, noon), other.history(page, noon)])).toEqual([[], []])
    expect(await store.quota('visitor', noon + 1)).toMatchObject({ remaining: 3, lastReset: noon })
  })

  test('pages through a history without repeating or skipping, by difficulty too', async () => {
    const { store } = connections()
    const supply = (difficulty: 'easy' | 'hard') => ({
      from: 'bank' as const,
      free: true,
      pick: () => draft({ source: 'bank', fingerprint: null, bankId: `b${nextNumber()}`, difficulty }),
    })
    for (let n = 0; n < 7; n++) {
      const difficulty = n % 2 ? ('hard' as const) : ('easy' as const)
      await store.claim(claimOf('pager', { difficulty, now: noon + (n >> 1), supply: supply(difficulty) }))
    }
    const all = await store.history({ userId: 'pager', limit: 100 }, noon)
    const paged = []
    for (let after = undefined as (typeof all)[number] | undefined; ; ) {
      const page = await store.history({ userId: 'pager', limit: 2, after }, noon)
      paged.push(...page)
      after = page.at(-1)
      if (!after) break
    }
    expect(paged).toEqual(all)
    expect(all).toEqual(all.toSorted((a, b) => b.dateCreated - a.dateCreated || b.id - a.id))
    expect(await store.history({ userId: 'pager', difficulty: 'hard', limit: 100 }, noon)).toHaveLength(3)
  })

  test('erases a user, and nobody else', async () => {
    const { store, other } = connections()
    for (const userId of ['leaver', 'stayer']) {
      await store.claim(claimOf(userId, { idempotencyKey: 'k', supply: { from: 'draft', draft: draft() } }))
    }
    await Promise.all([store.eraseUser('leaver'), other.eraseUser('leaver')])
    expect(await store.history({ userId: 'leaver', limit: 10 }, noon)).toEqual([])
    expect((await store.quota('leaver', noon)).remaining).toBe(3)
    expect(await store.history({ userId: 'stayer', limit: 10 }, noon)).toHaveLength(1)
    expect((await store.quota('stayer', noon)).remaining).toBe(2)
  })

  test('answers a ping', async () => {
    const { store } = connections()
    expect(await store.ping()).toBeUndefined()
  })
}
