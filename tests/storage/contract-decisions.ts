import { expect, test } from 'bun:test'
import { noon } from '../support/clock.ts'
import { type Connections, claimOf, countReady, nextNumber, question } from '../support/contract.ts'
import { answerAll, key, readState, share } from '../support/shared-question.ts'

const revealing = [...Array(12).fill(0), ...Array(3).fill(key)]

/** The contract of a store for the operator's decisions about questions. */
export function testDecisions(connections: Connections) {
  /** The question of this learner. */
  async function findQuestionId(learners: Awaited<ReturnType<typeof share>>) {
    const { store } = connections()
    const last = learners.at(-1) ?? { userId: '', challengeId: 0 }
    const answered = await store.answer({ ...last, answerId: key, now: noon })
    return answered?.questionId ?? 0
  }

  test('a question that the operator keeps circulates and is never suspected again', async () => {
    const { store, other } = connections()
    const learners = await share(store, 60)
    const id = await findQuestionId(learners)
    await answerAll(store, learners, revealing)
    expect(await readState(store, learners[0])).toBe('suspected')

    expect(await other.decide(id, 'keep')).toBe(true)

    expect(await readState(store, learners[0])).toBe('circulating')
    await answerAll(store, learners.slice(15), Array(40).fill(0))
    for (const held of learners.slice(0, 5))
      await store.report({ ...held, reason: 'wrong_key', comment: null, now: noon })
    expect(await readState(store, learners[0])).toBe('circulating')
  })

  test('a question that the operator retires is retired, and a second look cannot change that', async () => {
    const { store, other } = connections()
    const learners = await share(store, 20)
    const id = await findQuestionId(learners)
    await answerAll(store, learners, revealing)
    const looks = []
    for (let look = await store.takeSuspect(noon, noon + 1); look; ) {
      looks.push(look)
      look = await store.takeSuspect(noon, noon + 1)
    }

    expect(await other.decide(id, 'retire')).toBe(true)

    const look = looks.find((one) => one.id === id)
    expect(await store.settleSuspect(look as never, 'cleared')).toBe(false)
    expect(await readState(store, learners[0])).toBe('retired')
    expect(await store.decide(id, 'keep')).toBe(true)
    expect(await readState(other, learners[0])).toBe('circulating')
  })

  test('a question in the pool stays there when it is kept, and is not handed over when it is retired', async () => {
    const { store } = connections()
    while ((await store.claim(claimOf(`drain ${nextNumber()}`))).outcome === 'claimed');
    // Questions of a topic that this store does not offer.
    const left = await countReady(store, 'easy')
    const learners = await share(store, 1)
    const known = await findQuestionId(learners)
    const titles = [question(), question()]
    for (const one of titles) await store.addReady(one, noon)
    // PostgreSQL leaves gaps between ids.
    const ids = Array.from({ length: 20 }, (_, n) => known + 1 + n)
    const decided = []
    for (const id of ids) if (await store.decide(id, 'keep')) decided.push(id)
    expect(decided).toHaveLength(2)
    expect(await countReady(store, 'easy')).toBe(left + 2)
    expect(await store.decide(decided[0] ?? 0, 'retire')).toBe(true)
    const claim = await store.claim(claimOf(`owner ${nextNumber()}`))
    expect(claim).toMatchObject({ outcome: 'claimed', challenge: { title: titles[1]?.title } })
    expect(await countReady(store, 'easy')).toBe(left)
  })

  test('a question of the bank that the operator retired is not handed over again', async () => {
    const { store, other } = connections()
    const bankId = `retired ${nextNumber()}`
    const learners = await share(store, 1, { source: 'bank', bankId })
    const supply = (...bankIds: string[]) => ({
      ...{ from: 'bank' as const, repeats: true, free: true },
      questions: bankIds.map((one) => question({ source: 'bank', bankId: one })),
    })
    expect(await store.decide(await findQuestionId(learners), 'retire')).toBe(true)
    const userId = `reader ${nextNumber()}`
    for (const from of [store, other, store]) {
      const claim = await from.claim(claimOf(userId, { supply: supply(bankId, 'another entry') }))
      expect(claim).toMatchObject({ outcome: 'claimed' })
    }
    expect((await store.history({ userId, limit: 9 })).length).toBe(3)
    expect(await store.claim(claimOf(userId, { supply: supply(bankId) }))).toMatchObject({
      outcome: 'all_seen',
    })
  })

  test('a corrected entry of the bank reaches new claims, and challenges of the old text keep their text and key', async () => {
    const { store, other } = connections()
    const old = question({ source: 'bank', bankId: `corrected ${nextNumber()}`, correctAnswerId: 0 })
    const corrected = { ...old, fingerprint: `${old.fingerprint} corrected`, correctAnswerId: 1 }
    const [early, late] = [`early ${nextNumber()}`, `late ${nextNumber()}`]
    const claim = async (userId: string, one: typeof old, repeats = false) => {
      const supply = { from: 'bank' as const, questions: [one], repeats, free: true }
      const claimed = await other.claim(claimOf(userId, { supply, difficulty: one.difficulty }))
      return claimed.outcome === 'claimed' ? claimed.challenge : { id: 0, outcome: claimed.outcome }
    }
    const { id: challengeId } = await claim(early, old)

    expect(await claim(late, corrected)).toMatchObject({ correctAnswerId: 1 })
    expect(await claim(early, corrected)).toMatchObject({ outcome: 'all_seen' })
    expect(await claim(early, { ...corrected, difficulty: 'hard' })).toMatchObject({ outcome: 'all_seen' })
    expect(await claim(early, corrected, true)).toMatchObject({ correctAnswerId: 1 })

    const answered = await store.answer({ userId: early, challengeId, answerId: 0, now: noon })
    expect(answered).toMatchObject({ challenge: { correctAnswerId: 0, answerId: 0 } })
    // The operator's decision on the old text is one on the entry.
    const id = answered?.questionId ?? 0
    await store.decide(id, 'retire')
    expect(await claim('third', corrected)).toMatchObject({ outcome: 'all_seen' })
    await store.decide(id, 'keep')
    expect(await claim('third', corrected)).toMatchObject({ correctAnswerId: 1 })
  })

  test('a question that does not exist cannot be decided, and the counts follow the decisions', async () => {
    const { store, other } = connections()
    expect(await store.decide(Number.MAX_SAFE_INTEGER, 'retire')).toBe(false)
    const before = await store.countSuspects()
    const learners = await share(store, 16)
    const id = await findQuestionId(learners)
    await answerAll(store, learners, revealing)
    expect(await other.countSuspects()).toEqual({ ...before, suspected: before.suspected + 1 })
    await store.decide(id, 'retire')
    expect(await other.countSuspects()).toEqual({ ...before, retired: before.retired + 1 })
  })
}
