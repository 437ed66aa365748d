import { expect, test } from 'bun:test'
import type { ClaimOutcome, Store, Supply } from '../../src/store/store.ts'
import type { Topic } from '../../src/topics.ts'
import { noon } from '../support/clock.ts'
import { type Connections, claimOf, nextNumber, question } from '../support/contract.ts'

const hard = { difficulty: 'hard' as const }
const ofModel = (topic: Topic): Supply => ({ from: 'model', question: question({ ...hard, topic }) })
const show = (claim: ClaimOutcome) =>
  claim.outcome === 'claimed' ? (claim.challenge.topic ?? 'no topic') : claim.outcome

/** The topics that users get from the pool of hard questions until the pool is empty. */
async function drain(store: Store): Promise<string[]> {
  const served: string[] = []
  for (;;) {
    const topic = show(await store.claim(claimOf(`topics ${nextNumber()}`, hard)))
    if (topic === 'empty') return served
    served.push(topic)
  }
}

/** The contract of a store for topics. `narrow` opens a store of a server that offers these topics only. */
export function testTopics(connections: Connections, narrow: (topics: Topic[]) => Promise<Store>) {
  test('a claim with a topic takes the question of this topic that has waited longest', async () => {
    const { store, other } = connections()
    await drain(store)
    const waiting = (['git', 'go', 'go', 'git'] as const).map((topic) => question({ ...hard, topic }))
    for (const [n, added] of waiting.entries()) await store.addReady(added, noon + n)

    const first = await store.claim(claimOf('topic 1', { ...hard, topic: 'go' }))
    const second = await other.claim(claimOf('topic 2', { ...hard, topic: 'go' }))
    const none = await store.claim(claimOf('topic 3', { ...hard, topic: 'go' }))

    expect(first).toMatchObject({ challenge: { title: waiting[1]?.title, topic: 'go' }, charged: true })
    expect(second).toMatchObject({ challenge: { title: waiting[2]?.title } })
    expect(none).toMatchObject({ outcome: 'empty', quota: { remaining: 3 } })
    const ready = await store.countReady()
    const counted = ready.filter(({ difficulty, topic }) => difficulty === 'hard' && /^g/.test(topic ?? ''))
    expect(counted).toEqual([{ ...hard, topic: 'git', count: 2 }])
  })

  test('a question by the model is handed to the user who asked for its topic, beside older ones of other topics', async () => {
    const { store } = connections()
    await drain(store)
    await store.addReady(question({ ...hard, topic: 'git' }), noon - 1)
    await store.addReady(question({ ...hard, topic: null }), noon - 1)

    expect(
      show(await store.claim(claimOf('topic 4', { ...hard, topic: 'php', supply: ofModel('php') }))),
    ).toBe('php')
    expect(await drain(store)).toEqual(['git', 'no topic'])
  })

  test('a claim without a topic gets questions of the offered topics and old ones without a topic', async () => {
    const { store } = connections()
    await drain(store)
    const other = await narrow(['css', 'sql'])
    for (const topic of ['go', 'sql', 'cobol', null, 'css'])
      await store.addReady(question({ ...hard, topic }), noon)

    expect(await drain(other)).toEqual(['sql', 'no topic', 'css'])
    expect(await drain(store)).toEqual(['go'])
    await other.close()
  })

  test('an idempotency key belongs to the topic that was asked for', async () => {
    const { store, other } = connections()
    const ask = (from: Store, idempotencyKey: string, topic?: Topic) =>
      from.claim(claimOf('topic 5', { ...hard, topic, idempotencyKey, supply: ofModel(topic ?? 'css') }))

    expect(show(await ask(store, 'with', 'css'))).toBe('css')
    expect(show(await ask(store, 'without'))).toBe('css')

    for (const from of [store, other]) {
      expect(show(await ask(from, 'with', 'php'))).toBe('mismatch')
      expect(show(await ask(from, 'with'))).toBe('mismatch')
      // The challenge is on CSS, but the user did not ask for that.
      expect(show(await ask(from, 'without', 'css'))).toBe('mismatch')
      expect(await ask(from, 'with', 'css')).toMatchObject({ outcome: 'claimed', supply: undefined })
      expect(await ask(from, 'without')).toMatchObject({ outcome: 'claimed', supply: undefined })
    }
    expect((await store.refreshQuota('topic 5', noon)).remaining).toBe(1)
  })

  test('a challenge of the bank keeps the topic that was asked for with its key', async () => {
    const { store, other } = connections()
    const questions = [question({ ...hard, topic: 'css', source: 'bank', bankId: 'on css' })]
    const supply: Supply = { from: 'bank', questions, repeats: false, free: false }
    const ask = (from: Store, topic?: Topic) =>
      from.claim(claimOf('topic 6', { ...hard, topic, idempotencyKey: 'k', supply }))

    expect(show(await ask(store, 'css'))).toBe('css')
    expect(show(await ask(other))).toBe('mismatch')
    expect(await ask(other, 'css')).toMatchObject({ outcome: 'claimed', supply: undefined })
  })

  test('of parallel claims with one key and different topics, those of one topic get one challenge', async () => {
    const { store, other } = connections()
    const topics = ['css', 'php', undefined] as const
    const claims = await Promise.all(
      Array.from({ length: 12 }, (_, n) => {
        const topic = topics[n % 3]
        const request = { ...hard, topic, idempotencyKey: 'k', supply: ofModel(topic ?? 'css') }
        return (n % 2 ? store : other).claim(claimOf('topic 7', request))
      }),
    )
    const given = claims.flatMap((claim) => (claim.outcome === 'claimed' ? [claim.challenge.id] : []))
    expect([given.length, new Set(given).size]).toEqual([4, 1])
    expect(claims.filter(({ outcome }) => outcome === 'mismatch')).toHaveLength(8)
    expect((await store.refreshQuota('topic 7', noon)).remaining).toBe(2)
  })
}
