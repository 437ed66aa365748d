import { expect, test } from 'bun:test'
import { createBank, readBank } from '../../src/authoring/bank.ts'
import { topicIds } from '../../src/topics.ts'
import { startModel } from '../support/model.ts'
import { startServer } from '../support/server.ts'

const served = 400

/** Pearson's chi-squared statistic for four equally frequent positions. */
function chiSquare(places: number[]): number {
  const expected = places.length / 4
  const counts = [0, 1, 2, 3].map((place) => places.filter((one) => one === place).length)
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}

// With three degrees of freedom a fair shuffle stays below 16.3 in 999 of 1000 runs.
const limit = 16.3
// A fair shuffle that fails by chance passes the second time; an unfair shuffle does not.
const retry = 1

test(
  'the right answers of 400 challenges by the model are evenly distributed over the four positions, and the options occur in every order',
  async () => {
    await using model = startModel()
    await using server = await startServer({ model, env: { QUOTA_INITIAL: '1000' } })

    const places: number[] = []
    const orders = new Set<string>()
    for (let batch = 0; batch < served / 20; batch++) {
      const answers = await Promise.all(Array.from({ length: 20 }, () => server.generate('user_1')))
      expect(answers.map(({ body }) => body.source)).toEqual(Array(20).fill('ai'))
      places.push(...answers.map(({ body }) => body.correct_answer_id))
      for (const { body } of answers) orders.add(orderOf(body.options))
    }

    expect(places).toHaveLength(served)
    expect(chiSquare(places)).toBeLessThan(limit)
    // The chance that 400 fair shuffles miss one of 24 orders is below one in a million.
    expect(orders.size).toBe(24)
  },
  { retry },
)

test(
  'the right answers of the bank are evenly distributed over the four positions',
  async () => {
    const entries = await readBank()
    // A database stores one order of the options of each question; each process shuffles anew.
    const banks = Array.from({ length: 20 }, () => Object.values(createBank(entries, topicIds)).flat())
    const places = banks.flat().map(({ correctAnswerId }) => correctAnswerId)
    expect(chiSquare(places)).toBeLessThan(limit)
  },
  { retry },
)

/** The order of the options as their ranks. */
function orderOf(options: string[]): string {
  const ranked = options.toSorted((a, b) => Number(a) - Number(b))
  return options.map((option) => ranked.indexOf(option)).join('')
}
