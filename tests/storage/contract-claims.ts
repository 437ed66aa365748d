import { expect, test } from 'bun:test'
import type { Store } from '../../src/store/store.ts'
import { type Connections, claimOf, draft, nextNumber, noon } from '../support/contract.ts'

/** Hands every easy challenge that waits to somebody. */
async function drain(store: Store) {
  while ((await store.claim(claimOf(`drain ${nextNumber()}`))).outcome === 'claimed');
}

/** What a store promises of claims: who is given which challenge, and what it costs. */
export function testClaims(connections: Connections) {
  test('hands a challenge over whole, charges one credit, and lists it', async () => {
    const { store, other } = connections()
    await drain(store)
    const added = draft()
    await store.addReady(added, noon - 1000)

    const claim = await store.claim(claimOf('whole'))

    const { fingerprint, bankId, ...shown } = added
    const challenge = { ...shown, id: expect.any(Number), dateCreated: noon }
    expect<object>(claim).toEqual({ outcome: 'claimed', challenge, replayed: false, charged: true })
    expect((await store.quota('whole', noon)).remaining).toBe(2)
    expect<object[]>(await other.history({ userId: 'whole', limit: 10 }, noon)).toEqual([challenge])
  })

  test('charges nothing when the pool is empty, and keeps what was drafted when there is no credit', async () => {
    const { store } = connections()
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
    const { store } = connections()
    await store.addReady(draft({ difficulty: 'hard' }), noon)
    const claim = { difficulty: 'hard' as const }
    expect((await store.claim(claimOf('reserved', { ...claim, reserved: 3 }))).outcome).toBe('in_flight')
    expect((await store.claim(claimOf('reserved', { ...claim, reserved: 2 }))).outcome).toBe('claimed')
  })

  test('gives 20 parallel claims over two connections exactly the 3 credits, and 3 different challenges', async () => {
    const { store, other } = connections()
    const claims = Array.from({ length: 20 }, (_, index) => {
      const supply = { from: 'draft' as const, draft: draft() }
      return (index % 2 ? store : other).claim(claimOf('crowd', { supply }))
    })
    const claimed = (await Promise.all(claims)).filter(({ outcome }) => outcome === 'claimed')
    expect(claimed).toHaveLength(3)
    expect((await store.quota('crowd', noon)).remaining).toBe(0)
    const listed = await store.history({ userId: 'crowd', limit: 100 }, noon)
    expect(new Set(listed.map(({ id }) => id)).size).toBe(3)
  })

  test('hands over the one that has waited longest', async () => {
    const { store, other } = connections()
    await drain(store)
    const added = [draft(), draft(), draft()]
    for (const [n, one] of added.entries()) await (n === 1 ? other : store).addReady(one, noon + n)
    const claims = [await other.claim(claimOf('patient')), await store.claim(claimOf('patient'))]
    expect(claims).toMatchObject(added.slice(0, 2).map(({ title }) => ({ challenge: { title } })))
  })

  test('hands one ready challenge to one of many users', async () => {
    const { store, other } = connections()
    await drain(store)
    await store.addReady(draft(), noon)
    const users = Array.from({ length: 10 }, (_, index) => claimOf(`user ${index}`))
    const claims = await Promise.all(users.map((user, index) => (index % 2 ? store : other).claim(user)))
    expect(claims.filter(({ outcome }) => outcome === 'claimed')).toHaveLength(1)
    expect(claims.filter(({ outcome }) => outcome === 'empty')).toHaveLength(9)
  })

  test('gives the same key the same challenge, also when both arrive together; not with another difficulty', async () => {
    const { store, other } = connections()
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

  test('hands a free challenge of the bank to who has no credit left, and tells the picker what was seen', async () => {
    const { store } = connections()
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
}
