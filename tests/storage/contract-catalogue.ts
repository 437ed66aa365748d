import { expect, test } from 'bun:test'
import { noon } from '../support/clock.ts'
import type { Connections } from '../support/contract.ts'
import { answerAll, key, share } from '../support/shared-question.ts'

/** The contract of a store for what the operator reads of the questions. */
export function testCatalogue(connections: Connections) {
  /** The last question, by its id. */
  async function findLast() {
    const { store } = connections()
    const rows = await store.listFigures({ after: 0, limit: 100_000 })
    const row = rows.at(-1)
    if (!row) throw new Error('There is no question.')
    return row
  }

  test('pages through the figures of all questions that are not in the pool', async () => {
    const { store, other } = connections()
    await answerAll(store, await share(store, 3), [0, 1, key])
    const all = await store.listFigures({ after: 0, limit: 100_000 })
    const paged = []
    for (let after = 0; ; after = paged.at(-1)?.id ?? 0) {
      const page = await other.listFigures({ after, limit: 7 })
      if (page.length === 0) break
      paged.push(...page)
    }
    expect(paged).toEqual(all)
    expect(all.at(-1)).toMatchObject({ answers0: 1, answers1: 1, answers2: 1, answers3: 0, kept: false })
    expect(all.filter(({ state }) => state === 'ready')).toEqual([])
  })

  test('lists the library: circulating questions by the model with a fingerprint', async () => {
    const { store } = connections()
    const { id: before } = await findLast()
    await share(store, 1, { title: 'Of the library' })
    await share(store, 1, { title: 'Of the bank', source: 'bank', bankId: 'of the bank' })
    await share(store, 1, { title: 'Retired', state: 'retired' })
    await share(store, 1, { title: 'Suspected', state: 'suspected' })
    await share(store, 1, { title: 'In the pool', state: 'ready' })
    const listed = await store.listLibrary({ after: before, limit: 10 })
    expect(listed).toMatchObject([{ title: 'Of the library', optionNotes: ['no', 'not', null, '"never"'] }])
    expect(await store.findQuestion(listed[0]?.id ?? 0)).toEqual(listed[0])
    expect(await store.findQuestion(Number.MAX_SAFE_INTEGER)).toBeUndefined()
  })

  test('lists the latest reports of a question', async () => {
    const { store } = connections()
    const learners = await share(store, 3)
    for (const [n, held] of learners.slice(1).entries())
      await store.report({ ...held, reason: 'unclear', comment: n === 0 ? null : 'Why?', now: noon + n })
    const { id } = await findLast()
    const reports = await store.listReports(id, 10)
    expect(reports).toEqual([
      { reason: 'unclear', comment: 'Why?', reportedAt: noon + 1 },
      { reason: 'unclear', comment: null, reportedAt: noon },
    ])
    expect(await store.listReports(id, 1)).toEqual(reports.slice(0, 1))
  })

  test('samples the answers to a question with the share of right answers to other questions', async () => {
    const { store } = connections()
    const learners = await share(store, 3)
    const to = learners.map(({ userId }) => userId)
    // The first learner answers three other questions, the second four, the third two.
    for (const answers of [
      [key, 0, key],
      [0, 0, 0],
      [key, key],
      [null, key],
    ]) {
      const others = await share(store, 3, { to })
      for (const [n, answerId] of answers.entries())
        if (answerId !== null)
          await store.answer({ ...(others[n] as (typeof others)[0]), answerId, now: noon })
    }
    const listed = await store.listFigures({ after: 0, limit: 100_000 })
    await answerAll(store, learners, [0, key, 1])
    const asked = (await store.listFigures({ after: 0, limit: 100_000 })).find(
      (row) => row.answers1 === 1 && !listed.some((earlier) => Bun.deepEquals(earlier, row)),
    )
    const sample = await store.sampleAnswers(asked?.id ?? 0, 10)
    expect(sample).toEqual([
      { correct: false, elsewhere: null },
      { correct: true, elsewhere: 0.5 },
      { correct: false, elsewhere: 2 / 3 },
    ])
    expect(await store.sampleAnswers(asked?.id ?? 0, 1)).toEqual(sample.slice(0, 1))
  })
}
