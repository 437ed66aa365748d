import { expect, test } from 'bun:test'
import type { Question, QuestionState } from '../../src/question.ts'
import type { ImportedRows } from '../../src/store/imported.ts'
import type { Store } from '../../src/store/store.ts'
import { day, noon } from '../support/clock.ts'
import { type Connections, claimOf, nextNumber, question } from '../support/contract.ts'

/** A question and its assignment to a user as rows of another database. Their ids are the same in every call. */
function toImportedRows(
  createdBy: string,
  asked: Question,
  state: QuestionState = 'circulating',
): ImportedRows {
  const key = `key ${nextNumber()}`
  const id = 1_000_000
  const answered = { answerId: 2, answeredAt: noon + 1 }
  const unreported = { reportReason: null, reportComment: null, reportedAt: null }
  const request = { idempotencyKey: 'imported', requestedTopic: 'sql' }
  const assignment = { id, key, questionKey: key, createdBy, dateCreated: noon, ...request }
  return {
    questions: [{ ...asked, id, key, state, dateCreated: noon, answers: [0, 0, 0, 0], reports: 0 }],
    assignments: [{ ...assignment, ...answered, ...unreported, charged: true }],
    quotas: [],
  }
}

/** The fingerprints of the recent questions with this title. */
async function listFingerprints(store: Store, title: string) {
  const recent = await store.recentQuestions('sql')
  return recent.filter((question) => question.title === title).map(({ fingerprint }) => fingerprint)
}

/** The contract of a store for questions, quotas, histories and erasures. */
export function testRecords(connections: Connections) {
  test('stores no question twice', async () => {
    const { store, other } = connections()
    const first = question()
    const added = await Promise.all([store.addReady(first, noon), other.addReady(first, noon)])
    expect(added.toSorted()).toEqual([false, true])
    expect(await listFingerprints(store, first.title)).toEqual([first.fingerprint])
  })

  test('the error of a refused row does not contain the text of the row', async () => {
    const { store } = connections()
    const refused = question({ title: 'secret', correctAnswerId: 7 })
    const failure = await store.addReady(refused, noon).catch((error: Error) => error.message)
    expect(failure).toContain('questions_correct_answer_id')
    expect(failure).not.toContain('secret')
  })

  test('concurrent reads open a quota once and refill it once', async () => {
    const { store, other } = connections()
    await Promise.all([1, 2, 3, 4].map((n) => (n % 2 ? store : other).openQuota('looker', noon + n)))
    const opened = await store.refreshQuota('looker', noon)
    expect(opened).toMatchObject({ userId: 'looker', remaining: 3, limit: 3 })
    const looks = Array.from({ length: 8 }, (_, n) =>
      (n % 2 ? store : other).refreshQuota('looker', noon + 2 * day + n),
    )
    const refills = new Set((await Promise.all(looks)).map(({ lastReset, id }) => `${id} ${lastReset}`))
    expect(refills.size).toBe(1)
    expect(await store.refreshQuota('looker', noon + 2 * day + 10)).toMatchObject({ remaining: 2, limit: 2 })
  })

  test('a read of a history opens no quota', async () => {
    const { store } = connections()
    expect(await store.history({ userId: 'visitor', limit: 10 })).toEqual([])
    expect((await store.refreshQuota('visitor', noon + 1)).lastReset).toBe(noon + 1)
  })

  test('pages through a history without repeating or skipping, also by difficulty', async () => {
    const { store } = connections()
    const supply = (difficulty: 'easy' | 'hard') => ({
      from: 'bank' as const,
      free: true,
      repeats: false,
      questions: [question({ source: 'bank', bankId: `b${nextNumber()}`, difficulty })],
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

  test('erases one user only', async () => {
    const { store, other } = connections()
    for (const userId of ['leaver', 'stayer']) {
      await store.claim(
        claimOf(userId, { idempotencyKey: 'k', supply: { from: 'model', question: question() } }),
      )
    }
    await Promise.all([store.eraseUser('leaver'), other.eraseUser('leaver')])
    expect(await store.history({ userId: 'leaver', limit: 10 })).toEqual([])
    expect((await store.refreshQuota('leaver', noon)).remaining).toBe(3)
    expect(await store.history({ userId: 'stayer', limit: 10 })).toHaveLength(1)
    expect((await store.refreshQuota('stayer', noon)).remaining).toBe(2)
  })

  test('imports a row whose id is taken under a new id, with its fingerprint and idempotency key', async () => {
    const { store, other } = connections()
    const first = toImportedRows('importer 1', question())
    const second = toImportedRows('importer 2', question())
    expect(await store.importRows(first)).toEqual({ questions: 1, assignments: 1, quotas: 0 })
    expect(await other.importRows(second)).toEqual({ questions: 1, assignments: 1, quotas: 0 })
    for (const { questions, assignments } of [first, second]) {
      const { title = '', fingerprint = null } = questions[0] ?? {}
      const userId = assignments[0]?.createdBy ?? ''
      const replay = await store.claim(claimOf(userId, { topic: 'sql', idempotencyKey: 'imported' }))
      expect(replay).toMatchObject({ outcome: 'claimed', supply: undefined, challenge: { title } })
      expect(await listFingerprints(store, title)).toEqual([fingerprint])
    }
  })

  test('imports a question whose fingerprint is taken without the fingerprint', async () => {
    const { store } = connections()
    const taken = question()
    await store.addReady(taken, noon)
    const rows = toImportedRows('importer 3', taken)
    expect(await store.importRows(rows)).toEqual({ questions: 1, assignments: 1, quotas: 0 })
    expect(await listFingerprints(store, taken.title)).toEqual([null, taken.fingerprint])
    expect(await store.importRows(rows)).toEqual({ questions: 0, assignments: 0, quotas: 0 })
  })

  test('imports answers with the values of their questions, and lists those to retired questions nowhere', async () => {
    const { store, other } = connections()
    await store.importRows(toImportedRows('importer 4', question({ topic: 'go', difficulty: 'hard' })))
    await store.importRows(toImportedRows('importer 4', question({ correctAnswerId: 0 }), 'retired'))
    expect<object[]>(await other.listAnswers({ userId: 'importer 4', limit: 10 })).toMatchObject([
      { answeredAt: noon + 1, topic: 'go', difficulty: 'hard', correct: true },
    ])
    const listed = await store.history({ userId: 'importer 4', limit: 10 })
    expect(listed.map(({ state }) => state).toSorted()).toEqual(['circulating', 'retired'])
  })

  test('answers a ping', async () => {
    const { store } = connections()
    expect(await store.ping()).toBeUndefined()
  })
}
