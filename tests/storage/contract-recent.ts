import { expect, test } from 'bun:test'
import type { RecentQuestion } from '../../src/question.ts'
import type { ImportedQuestion } from '../../src/store/imported.ts'
import { noon } from '../support/clock.ts'
import { type Connections, nextNumber, question } from '../support/contract.ts'

const toRecent = ({ topic, title, options, correctAnswerId, fingerprint }: RecentQuestion) => ({
  topic,
  title,
  options,
  correctAnswerId,
  fingerprint,
})

/** The contract of a store for the questions that new ones must not repeat. */
export function testRecentQuestions(connections: Connections) {
  test('lists the recent questions of a topic and of no topic, of all difficulties and sources, newest first', async () => {
    const { store, other } = connections()
    const topic = `topic ${nextNumber()}`
    const bank = question({ topic, source: 'bank', bankId: `b${nextNumber()}`, fingerprint: `bank ${topic}` })
    const known = [
      question({ topic }),
      bank,
      question({ topic: 'elsewhere' }),
      question({ topic: null, difficulty: 'medium' }),
      question({ topic, difficulty: 'hard', title: 'x'.repeat(5000) }),
    ]
    for (const each of known) await store.addReady(each, noon)

    const recent = await other.recentQuestions(topic)

    const [first, second, , fourth, fifth] = known.map(toRecent)
    const expected = [{ ...fifth, title: 'x'.repeat(4000) }, fourth, second, first] as RecentQuestion[]
    expect(recent.slice(0, 4).map(toRecent)).toEqual(expected)
    expect(recent.slice(4).filter((each) => each.topic !== null)).toEqual([])
  })

  test('lists at most 1000 recent questions', async () => {
    const { store } = connections()
    const topic = `topic ${nextNumber()}`
    const asked = Array.from({ length: 1005 }, () => question({ topic }))
    const stored = { state: 'circulating' as const, dateCreated: noon, reports: 0 }
    const questions = asked.map(
      (each, n): ImportedQuestion => ({
        ...each,
        ...stored,
        id: 2_000_000 + n,
        key: `${topic} ${n}`,
        answers: [0, 0, 0, 0],
      }),
    )
    await store.importRows({ questions, assignments: [], quotas: [] })

    const recent = await store.recentQuestions(topic)

    expect(recent.map(toRecent)).toEqual(asked.slice(5).toReversed().map(toRecent))
  })

  test('lists a question that another connection stored after the first read, and keeps the known ones', async () => {
    const { store, other } = connections()
    const topic = `topic ${nextNumber()}`
    const [first, second] = [question({ topic }), question({ topic })]
    const listTopic = async () => (await store.recentQuestions(topic)).filter((each) => each.topic === topic)
    await other.addReady(first, noon)
    const [known] = await listTopic()

    await other.addReady(second, noon)

    const both = await listTopic()
    expect(both.map(toRecent)).toEqual([second, first].map(toRecent))
    // The same object, so that its comparable form is computed once.
    expect(both[1]).toBe(known)
  })
}
