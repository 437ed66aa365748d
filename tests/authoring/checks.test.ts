import { expect, test } from 'bun:test'
import { quality } from '../../src/commands/quality.ts'
import { runHere } from '../support/command.ts'
import { goodChallenge, startModel } from '../support/model.ts'
import { modelVariables, startServer } from '../support/server.ts'

const proven = {
  question: 'What does the following code print?',
  code: 'console.log([1, 2, 3].map((n) => n * 2).at(-1))',
  prints: true,
  explanation: '`map` doubles each element, and `at(-1)` is the last one.',
  answer: '6',
  distractors: ['2', '4', 'undefined'],
}

test('the metrics count how the keys of accepted questions were checked, from 0 on', async () => {
  await using model = startModel()
  const env = { TOPICS: 'javascript' }
  await using reviewing = await startServer({ model, env: { ...env, REVIEW: 'on' } })
  await using trusting = await startServer({ model, env })
  const counts = async (server: typeof reviewing) => {
    const text = await (await server.fetch('/metrics')).text()
    return [...text.matchAll(/^questions_accepted_total\{checked="(\w+)"\} (\d+)$/gm)].map(
      ([, checked, count]) => `${checked} ${count}`,
    )
  }
  expect(await counts(reviewing)).toEqual(['proven 0', 'reviewed 0', 'unchecked 0'])

  await reviewing.generate('user_1')
  model.author = () => proven
  await reviewing.generate('user_1')
  model.author = goodChallenge
  await trusting.generate('user_1')

  expect(await counts(reviewing)).toEqual(['proven 1', 'reviewed 1', 'unchecked 0'])
  expect(await counts(trusting)).toEqual(['proven 0', 'reviewed 0', 'unchecked 1'])
  expect(model.calls('review')).toBe(1)
})

test('`quality` tells the share of keys that were proven by running', async () => {
  await using model = startModel()
  model.author = ({ body }) => (body.messages.at(-1)?.content.includes('EASY') ? proven : goodChallenge())

  const env = { ...modelVariables(model), REVIEW: 'on' }
  const { stdout } = await runHere(quality, ['1', '--topic=javascript'], env)

  expect(stdout).toMatch(/^key proven by running +100 % +0 % +0 %$/m)
  expect(stdout).toMatch(/^key reviewed by the same model +0 % +100 % +100 %$/m)
})
