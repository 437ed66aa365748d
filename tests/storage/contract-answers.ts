import { expect, test } from 'bun:test'
import type { Store } from '../../src/store/store.ts'
import { noon } from '../support/clock.ts'
import { type Connections, claimOf, nextNumber, question } from '../support/contract.ts'

/** Gives the user a challenge with a new question, whose key is 2, and returns its id. */
async function give(store: Store, userId: string, more: Parameters<typeof question>[0] = {}, now = noon) {
  const bankId = `answers ${nextNumber()}`
  const questions = [question({ source: 'bank', bankId, ...more })]
  const claim = await store.claim(
    claimOf(userId, {
      ...{ now, difficulty: more.difficulty ?? 'easy' },
      supply: { from: 'bank', questions, repeats: false, free: true },
    }),
  )
  if (claim.outcome !== 'claimed') throw new Error(claim.outcome)
  return claim.challenge.id
}

/** The contract of a store for answers and reports. */
export function testAnswers(connections: Connections) {
  test('the first answer counts: later ones leave it unchanged, and the question unchanged', async () => {
    const { store, other } = connections()
    const challengeId = await give(store, 'first')
    const request = { userId: 'first', challengeId, answerId: 1, now: noon }

    const first = await store.answer(request)
    const again = await other.answer({ ...request, now: noon + 5 })
    const another = await store.answer({ ...request, answerId: 2, now: noon + 6 })

    expect(first).toMatchObject({ challenge: { id: challengeId, answerId: 1, answeredAt: noon } })
    expect(first?.questionId).toBeNumber()
    for (const later of [again, another]) expect(later).toEqual({ challenge: first?.challenge as never })
    expect(await other.findChallenge('first', challengeId)).toEqual(first?.challenge)
    expect(await store.history({ userId: 'first', limit: 1 })).toEqual([first?.challenge as never])
  })

  test('of 40 parallel answers over two connections one counts', async () => {
    const { store, other } = connections()
    const challengeId = await give(store, 'crowd of answers')
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        (n % 2 ? store : other).answer({
          ...{ userId: 'crowd of answers', challengeId },
          ...{ answerId: n % 4, now: noon + n },
        }),
      ),
    )
    const states = answers.map((one) => `${one?.challenge.answerId} ${one?.challenge.answeredAt}`)
    expect(new Set(states).size).toBe(1)
    expect(answers.filter((one) => one?.questionId !== undefined)).toHaveLength(1)
  })

  test('a challenge of another user is missing, and so is one that does not exist', async () => {
    const { store } = connections()
    const challengeId = await give(store, 'owner')
    const foreign = { userId: 'thief', challengeId, answerId: 2, now: noon }
    for (const request of [foreign, { ...foreign, challengeId: Number.MAX_SAFE_INTEGER }]) {
      expect(await store.answer(request)).toBeUndefined()
      expect(await store.report({ ...request, reason: 'other', comment: null })).toBeUndefined()
      expect(await store.findChallenge('thief', request.challengeId)).toBeUndefined()
    }
    expect(await store.findChallenge('owner', challengeId)).toMatchObject({ answerId: null })
  })

  test('lists answers with difficulty, topic and verdict, oldest first, a page at a time', async () => {
    const { store, other } = connections()
    const userId = 'lister'
    const asked = [
      ['hard', 'sql', 2],
      ['easy', null, 0],
      ['medium', 'go', 2],
      ['easy', 'go', 3],
    ] as const
    const ids: number[] = []
    for (const [difficulty, topic] of asked) ids.push(await give(store, userId, { difficulty, topic }))
    await give(store, userId)
    // The second and the third are answered at the same moment.
    const times = [noon + 9, noon + 1, noon + 1, noon]
    for (const [n, [, , answerId]] of asked.entries())
      await store.answer({ userId, challengeId: ids[n] ?? 0, answerId, now: times[n] ?? 0 })

    const all = await other.listAnswers({ userId, limit: 100 })
    const paged = []
    for (let after = undefined as (typeof all)[number] | undefined; ; after = paged.at(-1)) {
      const page = await store.listAnswers({ userId, after, limit: 1 })
      if (page.length === 0) break
      paged.push(...page)
    }

    expect(paged).toEqual(all)
    const listed = [3, 1, 2, 0].map((n) => {
      const [difficulty, topic, answerId] = asked[n] as (typeof asked)[number]
      return { id: ids[n], answeredAt: times[n], difficulty, topic, correct: answerId === 2 }
    })
    expect<object[]>(all).toEqual(listed)
  })

  test('filters a history by topic and by answer', async () => {
    const { store } = connections()
    const userId = 'filterer'
    const ids: number[] = []
    for (const topic of ['sql', 'go', 'sql', 'go']) ids.push(await give(store, userId, { topic }))
    const [right = 0, wrong = 0, open = 0, other = 0] = ids
    await store.answer({ userId, challengeId: right, answerId: 2, now: noon })
    await store.answer({ userId, challengeId: wrong, answerId: 0, now: noon })
    const list = async (filters: object) =>
      (await store.history({ userId, limit: 10, ...filters })).map(({ id }) => id)
    expect(await list({ topic: 'sql' })).toEqual([open, right])
    expect(await list({ answer: 'none' })).toEqual([other, open])
    expect(await list({ answer: 'right' })).toEqual([right])
    expect(await list({ answer: 'wrong' })).toEqual([wrong])
    expect(await list({ answer: 'none', topic: 'go' })).toEqual([other])
    expect(await list({ answer: 'none', after: { dateCreated: noon, id: other } })).toEqual([open])
    expect(await list({ answer: 'wrong', topic: 'sql', difficulty: 'easy' })).toEqual([])
  })

  test('a later report replaces the first one, which alone is counted', async () => {
    const { store, other } = connections()
    const report = { userId: 'reporter', challengeId: await give(store, 'reporter'), now: noon }
    const first = await store.report({ ...report, reason: 'unclear', comment: 'Ünklar 🙈' })
    expect(first).toEqual({ questionId: expect.any(Number), first: true })
    const replaced = await other.report({ ...report, reason: 'wrong_key', comment: null })
    expect<unknown>(replaced).toEqual({ ...first, first: false })
    const parallel = { ...report, userId: 'reporter 2', challengeId: await give(store, 'reporter 2') }
    const reports = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        (n % 2 ? store : other).report({ ...parallel, reason: 'broken', comment: `${n}` }),
      ),
    )
    expect(reports.filter((one) => one?.first)).toHaveLength(1)
  })

  test('erases answers and reports with the user', async () => {
    const { store } = connections()
    const challengeId = await give(store, 'forgotten')
    await store.answer({ userId: 'forgotten', challengeId, answerId: 2, now: noon })
    await store.report({ userId: 'forgotten', challengeId, reason: 'other', comment: 'mine', now: noon })
    await store.eraseUser('forgotten')
    expect(await store.listAnswers({ userId: 'forgotten', limit: 10 })).toEqual([])
    expect(await store.findChallenge('forgotten', challengeId)).toBeUndefined()
  })
}
