import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { createQuotaPolicy } from '../../src/quota/policy.ts'
import { createPostgresStore } from '../../src/store/postgres.ts'
import { createSqliteStore } from '../../src/store/sqlite.ts'
import type { ClaimRequest, Draft, Store } from '../../src/store/store.ts'
import { temporaryFolder } from '../support/folder.ts'
import { startPostgres } from '../support/postgres.ts'

const policy = createQuotaPolicy({ initial: 3, daily: 2 })
const noon = Date.UTC(2026, 10, 24, 12)
const day = 24 * 60 * 60 * 1000

let count = 0
const draft = (more: Partial<Draft> = {}): Draft => ({
  difficulty: 'easy',
  title: `Question ${++count}: what is "ü" in \`SELECT '€'\`?`,
  options: ['a', '"b"', '\\c', 'd\n{}'],
  correctAnswerId: 2,
  explanation: 'Because.',
  source: 'ai',
  fingerprint: `fingerprint ${count}`,
  bankId: null,
  ...more,
})

const claimOf = (userId: string, more: Partial<ClaimRequest> = {}): ClaimRequest => ({
  userId,
  difficulty: 'easy',
  now: noon,
  supply: { from: 'pool' },
  ...more,
})

const engines = {
  SQLite: async () => {
    const folder = temporaryFolder()
    const open = async () => createSqliteStore({ path: join(folder.path, 'test.db'), policy })
    return { open, close: async () => folder[Symbol.dispose]() }
  },
  PostgreSQL: async () => {
    const server = await startPostgres()
    const url = await server.createDatabase()
    const open = () => createPostgresStore({ url, policy, connections: 10, timeoutMs: 5000 })
    return { open, close: () => server[Symbol.asyncDispose]() }
  },
}

describe.each(Object.entries(engines))('a store in %s', (_, start) => {
  let engine: Awaited<ReturnType<typeof start>>
  let store: Store
  /** A second process, as far as the database can tell. */
  let other: Store

  beforeAll(async () => {
    engine = await start()
    const opened = await Promise.all([engine.open(), engine.open()])
    store = opened[0]
    other = opened[1]
  })
  afterAll(async () => {
    await store.close()
    await other.close()
    await engine.close()
  })

  test('hands a challenge over whole, charges one credit, and lists it', async () => {
    const added = draft()
    await store.addReady(added, noon - 1000)

    const claim = await store.claim(claimOf('whole'))

    const { fingerprint, bankId, ...shown } = added
    const challenge = { ...shown, id: expect.any(Number), dateCreated: noon }
    expect<object>(claim).toEqual({ outcome: 'claimed', challenge, replayed: false, charged: true })
    expect((await store.quota('whole', noon)).remaining).toBe(2)
    expect<object[]>(await other.history({ userId: 'whole', limit: 10 })).toEqual([challenge])
  })

  test('charges nothing when the pool is empty, and keeps what was drafted when there is no credit', async () => {
    expect(await store.claim(claimOf('empty', { difficulty: 'hard' }))).toMatchObject({
      outcome: 'empty',
      quota: { remaining: 3 },
    })
    const supply = () => ({ from: 'draft' as const, draft: draft({ difficulty: 'medium' }) })
    const request = () => store.claim(claimOf('spender', { difficulty: 'medium', supply: supply() }))
    for (let credit = 0; credit < 3; credit++) expect((await request()).outcome).toBe('claimed')
    expect(await request()).toMatchObject({ outcome: 'exhausted', quota: { remaining: 0, limit: 3 } })
    expect(await store.countReady('medium')).toBe(1)
  })

  test('leaves credits that are reserved to those who reserved them', async () => {
    await store.addReady(draft({ difficulty: 'hard' }), noon)
    const claim = { difficulty: 'hard' as const }
    expect((await store.claim(claimOf('reserved', { ...claim, reserved: 3 }))).outcome).toBe('in_flight')
    expect((await store.claim(claimOf('reserved', { ...claim, reserved: 2 }))).outcome).toBe('claimed')
  })

  test('gives 20 parallel claims over two connections exactly the 3 credits, and 3 different challenges', async () => {
    const claims = Array.from({ length: 20 }, (_, index) => {
      const supply = { from: 'draft' as const, draft: draft() }
      return (index % 2 ? store : other).claim(claimOf('crowd', { supply }))
    })
    const claimed = (await Promise.all(claims)).filter(({ outcome }) => outcome === 'claimed')
    expect(claimed).toHaveLength(3)
    expect((await store.quota('crowd', noon)).remaining).toBe(0)
    const listed = await store.history({ userId: 'crowd', limit: 100 })
    expect(new Set(listed.map(({ id }) => id)).size).toBe(3)
  })

  test('hands one ready challenge to one of many users', async () => {
    while ((await store.claim(claimOf(`drain ${++count}`))).outcome === 'claimed');
    await store.addReady(draft(), noon)
    const users = Array.from({ length: 10 }, (_, index) => claimOf(`user ${index}`))
    const claims = await Promise.all(users.map((user, index) => (index % 2 ? store : other).claim(user)))
    expect(claims.filter(({ outcome }) => outcome === 'claimed')).toHaveLength(1)
    expect(claims.filter(({ outcome }) => outcome === 'empty')).toHaveLength(9)
  })

  test('gives the same key the same challenge, also when both arrive together; not with another difficulty', async () => {
    const keyed = (from: Store) =>
      from.claim(claimOf('keyed', { idempotencyKey: 'k', supply: { from: 'draft', draft: draft() } }))
    const claims = await Promise.all([keyed(store), keyed(other), keyed(store), keyed(other)])
    const ids = claims.map((claim) => claim.outcome === 'claimed' && claim.challenge.id)
    expect(new Set(ids).size).toBe(1)
    expect(claims.filter((claim) => claim.outcome === 'claimed' && claim.charged)).toHaveLength(1)
    expect((await store.quota('keyed', noon)).remaining).toBe(2)
    const mismatched = claimOf('keyed', { idempotencyKey: 'k', difficulty: 'hard' })
    expect(await store.claim(mismatched)).toEqual({ outcome: 'mismatch' })
    const foreign = claimOf('another', { idempotencyKey: 'k', supply: { from: 'draft', draft: draft() } })
    expect(await store.claim(foreign)).toMatchObject({ outcome: 'claimed', replayed: false })
  })

  test('stores no question twice, and knows which are asked', async () => {
    const first = draft()
    const { fingerprint } = first
    expect(await store.isAsked(String(fingerprint))).toBe(false)
    const added = await Promise.all([store.addReady(first, noon), other.addReady(first, noon)])
    expect(added.toSorted()).toEqual([false, true])
    expect(await other.isAsked(String(fingerprint))).toBe(true)
    expect(await store.recentTitles('easy', 1)).toEqual([first.title])
  })

  test('hands a free challenge of the bank to who has no credit left, and tells the picker what was seen', async () => {
    const seen: string[][] = []
    const ofBank = (bankId: string, now: number) =>
      store.claim(
        claimOf('reader', {
          now,
          supply: {
            from: 'bank',
            free: true,
            pick: (ids) => {
              seen.push(ids)
              return draft({ source: 'bank', fingerprint: null, bankId })
            },
          },
        }),
      )
    for (const [index, id] of ['one', 'two', 'one', 'three'].entries()) await ofBank(id, noon + index)
    expect(seen).toEqual([[], ['one'], ['one', 'two'], ['two', 'one']])
    expect((await store.quota('reader', noon)).remaining).toBe(3)
  })

  test('opens a quota once and refills it once, however many look', async () => {
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

  test('pages through a history without repeating or skipping, by difficulty too', async () => {
    const supply = (difficulty: 'easy' | 'hard') => ({
      from: 'bank' as const,
      free: true,
      pick: () => draft({ source: 'bank', fingerprint: null, bankId: `b${count}`, difficulty }),
    })
    for (let n = 0; n < 7; n++) {
      const difficulty = n % 2 ? ('hard' as const) : ('easy' as const)
      await store.claim(claimOf('pager', { difficulty, now: noon + (n >> 1), supply: supply(difficulty) }))
    }
    const all = await store.history({ userId: 'pager', limit: 100 })
    const paged = []
    for (let after = undefined as (typeof all)[number] | undefined; ; ) {
      const page = await store.history({ userId: 'pager', limit: 2, after })
      paged.push(...page)
      after = page.at(-1)
      if (!after) break
    }
    expect(paged).toEqual(all)
    expect(all).toEqual(all.toSorted((a, b) => b.dateCreated - a.dateCreated || b.id - a.id))
    expect(await store.history({ userId: 'pager', difficulty: 'hard', limit: 100 })).toHaveLength(3)
  })

  test('erases a user, and nobody else', async () => {
    for (const userId of ['leaver', 'stayer']) {
      await store.claim(claimOf(userId, { idempotencyKey: 'k', supply: { from: 'draft', draft: draft() } }))
    }
    await Promise.all([store.eraseUser('leaver'), other.eraseUser('leaver')])
    expect(await store.history({ userId: 'leaver', limit: 10 })).toEqual([])
    expect((await store.quota('leaver', noon)).remaining).toBe(3)
    expect(await store.history({ userId: 'stayer', limit: 10 })).toHaveLength(1)
    expect((await store.quota('stayer', noon)).remaining).toBe(2)
  })

  test('answers a ping', async () => {
    expect(await store.ping()).toBeUndefined()
  })
})
