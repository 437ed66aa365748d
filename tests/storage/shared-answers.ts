import { expect, test } from 'bun:test'
import { parallel } from '../support/async.ts'
import type { ServerProcess } from '../support/process.ts'

/** Two processes with one database, and a second way to query it. */
type Two = {
  each: (n: number) => ServerProcess
  rows: (sql: string) => Promise<unknown[]>
}

const counters = 'answers_0 + answers_1 + answers_2 + answers_3 AS answers, answers_2, reports'
const ofCrowd = `created_by LIKE 'crowd_%'`

/** The tests of answers and reports that arrive at two processes. Each has its own users. */
export function testSharedAnswers(connect: () => Two) {
  /** The counters of the questions of the assignments that meet the condition. */
  const count = (condition: string) =>
    connect().rows(
      `SELECT ${counters} FROM questions WHERE id IN (SELECT question_id FROM assignments WHERE ${condition})`,
    )

  test('of forty parallel answers one counts', async () => {
    const two = connect()
    const { id } = (await two.each(0).generate('one')).body

    const answers = await parallel(40, (n) => two.each(n).answer('one', id, (n >> 1) % 4))

    const given = answers.filter(({ status }) => status === 200).map(({ body }) => JSON.stringify(body))
    expect([given.length, new Set(given).size]).toEqual([10, 1])
    const counted = answers.find(({ status }) => status === 200)?.body.answer_id
    for (const { problem } of answers)
      if (problem) expect([problem.status, problem.answer_id]).toEqual([409, counted])
    for (const n of [0, 1]) {
      expect((await two.each(n).challenge('one', id)).body.answer?.answer_id).toBe(counted)
      expect((await two.each(n).progress('one')).body.answered).toBe(1)
    }
    expect(await count(`created_by = 'one'`)).toMatchObject([{ answers: 1, reports: 0 }])
  })

  test('many learners answer and report in parallel, and each counts once', async () => {
    const two = connect()
    const given = await parallel(10, (n) => two.each(n).generate(`crowd_${n}`))
    // One question for all of them, so that its counters are contended.
    await two.rows(
      `UPDATE assignments SET question_id = (SELECT min(question_id) FROM assignments WHERE ${ofCrowd})
        WHERE ${ofCrowd} RETURNING id`,
    )

    const statuses = await parallel(80, async (n) => {
      const user = n % 10
      const id = given[user]?.body.id ?? 0
      const server = two.each(n >> 2)
      const answer = n % 2 ? server.answer(`crowd_${user}`, id, 2) : undefined
      return (await (answer ?? server.report(`crowd_${user}`, id, { reason: 'other', comment: `${n}` })))
        .status
    })

    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(await count(ofCrowd)).toEqual([{ answers: 5, answers_2: 5, reports: 5 }])
  })
}
