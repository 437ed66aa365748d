import { expect, test } from 'bun:test'
import { addChallenges } from '../support/database.ts'
import { startServer } from '../support/server.ts'

test('answers and reports are counted once each, with labels that begin at 0', async () => {
  await using server = await startServer()
  const count = async (series: string) => {
    const text = await (await server.fetch('/metrics')).text()
    return text
      .split('\n')
      .find((line) => line.startsWith(`${series} `))
      ?.split(' ')
      .at(-1)
  }
  const right = 'answers_total{difficulty="hard",topic="sql",verdict="right"}'
  const wrong = 'answers_total{difficulty="easy",topic="none",verdict="wrong"}'
  const reports = 'reports_total{reason="unclear"}'
  expect([await count(right), await count(wrong), await count(reports)]).toEqual(['0', '0', '0'])
  addChallenges(server, [
    { id: 1, difficulty: 'hard', topic: 'sql' },
    { id: 2, topic: null },
    { id: 3, topic: 'a topic of another version' },
  ])

  for (const answer of [2, 2, 1]) await server.answer('user_1', 1, answer)
  for (const id of [2, 3]) await server.answer('user_1', id, 0)
  for (const id of [1, 1, 2]) await server.report('user_1', id, { reason: 'unclear' })
  await server.answer('user_2', 1, 0)

  expect([await count(right), await count(wrong), await count(reports)]).toEqual(['1', '2', '2'])
})
