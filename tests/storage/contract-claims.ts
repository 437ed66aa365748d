import { expect, test } from 'bun:test'
import type { Store } from '../../src/store/store.ts'
import { noon } from '../support/clock.ts'
import { type Connections, claimOf, countReady, nextNumber, question } from '../support/contract.ts'

/** Empties the pool of easy questions. */
async function drain(store: Store) {
  while ((await store.claim(claimOf(`drain ${nextNumber()}`))).outcome === 'claimed');
}

/** The contract of a store for claims: which challenge a user gets, and what it costs. */
export function testClaims(connections: Connections) {
  test('hands a challenge over with all members, charges one credit, and lists it', async () => {
    const { store, other } = connections()
    await drain(store)
    const added = question()
    await store.addReady(added, noon - 1000)

    const claim = await store.claim(claimOf('whole'))

    const { fingerprint, bankId, language, ...shown } = added
    const state = { charged: true, state: 'circulating', answerId: null, answeredAt: null }
    const challenge = { ...shown, ...state, id: expect.any(Number), createdBy: 'whole', dateCreated: noon }
    const quota = await store.refreshQuota('whole', noon)
    const outcome = { outcome: 'claimed', charged: true, supply: 'pool' }
    expect<object>(claim).toEqual({ ...outcome, challenge, quota })
    expect(quota.remaining).toBe(2)
    expect<object[]>(await other.history({ userId: 'whole', limit: 10 })).toEqual([challenge])
  })

  test('charges nothing when the pool is empty, and puts a question into the pool when there is no credit', async () => {
    const { store } = connections()
    expect(await store.claim(claimOf('empty', { difficulty: 'hard' }))).toMatchObject({
      outcome: 'empty',
      quota: { remaining: 3 },
    })
    const supply = () => ({ from: 'model' as const, question: question({ difficulty: 'medium' }) })
    const request = () => store.claim(claimOf('spender', { difficulty: 'medium', supply: supply() }))
    for (let credit = 0; credit < 3; credit++) expect((await request()).outcome).toBe('claimed')
    expect(await request()).toMatchObject({ outcome: 'exhausted', quota: { remaining: 0, limit: 3 } })
    expect(await countReady(store, 'medium')).toBe(1)
  })

  test('distinguishes a repeated question from an empty pool', async () => {
    const { store } = connections()
    const supply = { from: 'model' as const, question: question({ difficulty: 'hard' }) }
    const request = { difficulty: 'hard' as const, supply }
    expect((await store.claim(claimOf('author', request))).outcome).toBe('claimed')
    expect(await store.claim(claimOf('author', request))).toMatchObject({
      outcome: 'repeat',
      quota: { remaining: 2 },
    })
  })

  test('gives 20 parallel claims over two connections exactly the 3 credits, and 3 different challenges', async () => {
    const { store, other } = connections()
    const claims = Array.from({ length: 20 }, (_, index) => {
      const supply = { from: 'model' as const, question: question() }
      return (index % 2 ? store : other).claim(claimOf('crowd', { supply }))
    })
    const claimed = (await Promise.all(claims)).filter(({ outcome }) => outcome === 'claimed')
    expect(claimed).toHaveLength(3)
    expect((await store.refreshQuota('crowd', noon)).remaining).toBe(0)
    const listed = await store.history({ userId: 'crowd', limit: 100 })
    expect(new Set(listed.map(({ id }) => id)).size).toBe(3)
  })

  test('hands over the question that has waited longest', async () => {
    const { store, other } = connections()
    await drain(store)
    const added = [question(), question(), question()]
    for (const [n, one] of added.entries()) await (n === 1 ? other : store).addReady(one, noon + n)
    const claims = [await other.claim(claimOf('patient')), await store.claim(claimOf('patient'))]
    expect(claims).toMatchObject(added.slice(0, 2).map(({ title }) => ({ challenge: { title } })))
  })

  test('hands one question of the pool to one of many users', async () => {
    const { store, other } = connections()
    await drain(store)
    await store.addReady(question(), noon)
    const users = Array.from({ length: 10 }, (_, index) => claimOf(`user ${index}`))
    const claims = await Promise.all(users.map((user, index) => (index % 2 ? store : other).claim(user)))
    expect(claims.filter(({ outcome }) => outcome === 'claimed')).toHaveLength(1)
    expect(claims.filter(({ outcome }) => outcome === 'empty')).toHaveLength(9)
  })

  test('gives concurrent claims with one key the same challenge, and refuses another difficulty', async () => {
    const { store, other } = connections()
    const keyed = (from: Store) =>
      from.claim(claimOf('keyed', { idempotencyKey: 'k', supply: { from: 'model', question: question() } }))
    const claims = await Promise.all([keyed(store), keyed(other), keyed(store), keyed(other)])
    const ids = claims.map((claim) => claim.outcome === 'claimed' && claim.challenge.id)
    expect(new Set(ids).size).toBe(1)
    expect(claims.filter((claim) => claim.outcome === 'claimed' && claim.charged)).toHaveLength(1)
    expect((await store.refreshQuota('keyed', noon)).remaining).toBe(2)
    const mismatched = claimOf('keyed', { idempotencyKey: 'k', difficulty: 'hard' })
    expect(await store.claim(mismatched)).toMatchObject({ outcome: 'mismatch', quota: { remaining: 2 } })
    const foreign = claimOf('another', {
      idempotencyKey: 'k',
      supply: { from: 'model', question: question() },
    })
    expect(await store.claim(foreign)).toMatchObject({ outcome: 'claimed', supply: 'model' })
  })

  test('hands free questions of the bank to a user without credits: first unseen ones, then the one seen longest ago', async () => {
    const { store, other } = connections()
    const questions = ['one', 'two', 'three'].map((bankId) => question({ source: 'bank', bankId }))
    const spend = () => store.claim(claimOf('reader', { supply: { from: 'model', question: question() } }))
    for (let credit = 0; credit < 3; credit++) await spend()
    const read = async (from: Store, now: number, repeats = false) => {
      const supply = { from: 'bank' as const, questions, repeats, free: true }
      const claim = await from.claim(claimOf('reader', { now, supply }))
      return claim.outcome === 'claimed' ? claim.challenge.title : claim.outcome
    }

    const first = [await read(store, noon), await read(other, noon + 1), await read(store, noon + 2)]

    expect(first.toSorted()).toEqual(questions.map(({ title }) => title).toSorted())
    expect(await read(store, noon + 3)).toBe('all_seen')
    expect(await read(store, noon + 3, true)).toBe(String(first[0]))
    expect(await read(other, noon + 4, true)).toBe(String(first[1]))
    expect((await store.refreshQuota('reader', noon)).remaining).toBe(0)
  })

  test('stores a question of the bank once, with its options in one order, for all users', async () => {
    const { store, other } = connections()
    const entry = question({ source: 'bank', bankId: 'entry' })
    // Each process shuffles the options of the bank by itself.
    const shuffled = { ...entry, options: entry.options.toReversed(), correctAnswerId: 1 }
    const claims = await Promise.all(
      [store, other, store, other].map((from, n) => {
        const questions = [from === store ? entry : shuffled]
        const supply = { from: 'bank' as const, questions, repeats: false, free: false }
        return from.claim(claimOf(`bank reader ${n}`, { supply }))
      }),
    )
    const keys = claims.map(
      (claim) => claim.outcome === 'claimed' && claim.challenge.options[claim.challenge.correctAnswerId],
    )
    const orders = new Set(
      claims.map((claim) => claim.outcome === 'claimed' && claim.challenge.options.join()),
    )
    expect(new Set(keys)).toEqual(new Set([entry.options[entry.correctAnswerId]]))
    expect(orders.size).toBe(1)
    expect((await store.refreshQuota('bank reader 0', noon)).remaining).toBe(2)
  })
}
