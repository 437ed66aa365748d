import { expect, test } from 'bun:test'
import { parallel } from '../support/async.ts'
import { noon } from '../support/clock.ts'
import type { Connections } from '../support/contract.ts'
import { answerAll, key, readState, share } from '../support/shared-question.ts'

const minute = 60_000
/** Fifteen answers that reveal a wrong key: twelve choose the distractor 0. */
const revealing = [...Array(12).fill(0), ...Array(3).fill(key)]

/** The contract of a store for suspected questions. */
export function testSuspects(connections: Connections) {
  /** Ends the looks that other tests left. */
  async function drain() {
    const { store } = connections()
    for (;;) {
      const suspect = await store.takeSuspect(noon, noon + minute)
      if (!suspect) return
      await store.settleSuspect(suspect, 'retired')
    }
  }

  /** A suspected question and its 45 learners, fifteen of whom have answered. */
  async function suspectOne() {
    await drain()
    const { store } = connections()
    const learners = await share(store, 45)
    await answerAll(store, learners, revealing)
    return learners
  }

  test('the fifteenth answer suspects a question whose distractor is chosen far more often than the key', async () => {
    const { store, other } = connections()
    const learners = await share(store, 16, { difficulty: 'hard', topic: 'go' })
    expect(await answerAll(store, learners, revealing)).toEqual([...Array(14).fill(undefined), 'answers'])
    expect(await readState(other, learners[0])).toBe('suspected')
    const last = { ...learners[15], answerId: 0, now: noon } as Parameters<typeof store.answer>[0]
    const answered = await other.answer(last)
    expect(answered).toMatchObject({ challenge: { answerId: 0, state: 'suspected' } })
    expect(answered?.suspected).toBeUndefined()
  })

  test('of 30 parallel answers and reports over two connections one suspects the question', async () => {
    const { store, other } = connections()
    const learners = await share(store, 30)
    const results = await Promise.all(
      learners.map((held, n) => {
        const from = n % 2 ? store : other
        if (n < 20) return from.answer({ ...held, answerId: 0, now: noon })
        return from.report({ ...held, reason: 'wrong_key', comment: null, now: noon })
      }),
    )
    expect(results.filter((result) => result?.suspected)).toHaveLength(1)
    expect(await readState(store, learners[0])).toBe('suspected')
  })

  test('three learners who report a question make it suspected, however often each reports', async () => {
    const { store, other } = connections()
    const learners = await share(store, 3, { difficulty: 'medium', topic: null })
    const report = (n: number) =>
      (n % 2 ? store : other).report({
        ...(learners[n] ?? { userId: '', challengeId: 0 }),
        ...{ reason: 'unclear', comment: null, now: noon },
      })
    for (const n of [0, 0, 1, 1, 0]) expect((await report(n))?.suspected).toBeUndefined()
    expect((await report(2))?.suspected).toEqual({
      ...{ difficulty: 'medium', topic: null },
      suspicion: 'reports',
    })
  })

  test('a question of the bank is not suspected', async () => {
    const { store } = connections()
    const learners = await share(store, 15, { source: 'bank', bankId: 'never suspected' })
    expect(new Set(await answerAll(store, learners, revealing))).toEqual(new Set([undefined]))
    expect(await readState(store, learners[0])).toBe('circulating')
  })

  test('one of several connections gets a suspected question, and another one after the time has passed', async () => {
    const [first] = await suspectOne()
    const { store, other } = connections()
    const looks = await Promise.all(
      Array.from({ length: 8 }, (_, n) => (n % 2 ? store : other).takeSuspect(noon, noon + minute)),
    )
    const taken = looks.filter((look) => look !== undefined)
    expect(taken).toEqual([
      expect.objectContaining({ lookUntil: noon + minute, correctAnswerId: key, language: 'sql' }),
    ])
    expect(taken[0]?.options).toEqual(['a', '"b"', '\\c', 'd\n{}'])
    expect(await other.takeSuspect(noon + minute - 1, noon + 2 * minute)).toBeUndefined()
    const later = await other.takeSuspect(noon + minute, noon + 2 * minute)
    expect(later?.id).toBe(taken[0]?.id as number)
    // The first process was too slow: the second one decides.
    expect(await store.settleSuspect(taken[0] as never, 'retired')).toBe(false)
    expect(await readState(store, first)).toBe('suspected')
    expect(await other.settleSuspect(later as never, 'cleared')).toBe(true)
    expect(await readState(store, first)).toBe('circulating')
  })

  test('a learner who reports several challenges of one question counts once, also in parallel over two connections', async () => {
    const { store, other } = connections()
    const learners = Array.from({ length: 12 }, (_, n) => `again ${n}`)
    await share(store, 24, { to: [...learners, ...learners] })
    const reports = await parallel(12, async (n) => {
      const userId = learners[n] ?? ''
      const held = await store.history({ userId, limit: 2 })
      const shared = { userId, reason: 'other', comment: null, now: noon } as const
      return Promise.all(held.map(({ id }, n) => [store, other][n]?.report({ ...shared, challengeId: id })))
    })
    expect(reports.flat().filter((report) => report?.first)).toHaveLength(24)
    const questionId = reports[0]?.[0]?.questionId ?? 0
    const [figures] = await store.listFigures({ after: questionId - 1, limit: 1 })
    expect(figures).toMatchObject({ id: questionId, reports: 12 })
  })

  test('a cleared question is suspected again when its answers have doubled, however many learners report it', async () => {
    const learners = await suspectOne()
    const { store } = connections()
    const look = await store.takeSuspect(noon, noon + minute)
    expect(await store.settleSuspect(look as never, 'cleared')).toBe(true)
    expect(await store.takeSuspect(noon + minute, noon + 2 * minute)).toBeUndefined()
    const report = async (held: (typeof learners)[number]) =>
      (await store.report({ ...held, reason: 'other', comment: null, now: noon }))?.suspected?.suspicion
    for (const held of learners.slice(0, 2)) expect(await report(held)).toBeUndefined()
    const again = await answerAll(store, learners.slice(15), Array(15).fill(0))
    expect(again).toEqual([...Array(14).fill(undefined), 'answers'])
    const second = await store.takeSuspect(noon, noon + minute)
    expect(await store.settleSuspect(second as never, 'cleared')).toBe(true)
    for (const held of learners.slice(2, 8)) expect(await report(held)).toBeUndefined()
  })

  test('a question without a result is looked at again after the pause, and others come first', async () => {
    await suspectOne()
    const { store, other } = connections()
    const look = await store.takeSuspect(noon, noon + minute)
    if (!look) throw new Error('There is no suspected question.')
    await store.postponeSuspect(look, noon + 5 * minute)
    expect(await other.takeSuspect(noon + 5 * minute - 1, noon + 9 * minute)).toBeUndefined()
    const learners = await share(store, 15)
    await answerAll(store, learners, revealing)
    const next = await other.takeSuspect(noon + 5 * minute, noon + 9 * minute)
    expect(next?.id).not.toBe(look.id)
    expect((await other.takeSuspect(noon + 5 * minute, noon + 9 * minute))?.id).toBe(look.id)
    // The first look has ended: it must not postpone the second one.
    await store.postponeSuspect(look, noon)
    expect(await store.takeSuspect(noon + 5 * minute, noon + 9 * minute)).toBeUndefined()
  })
}
