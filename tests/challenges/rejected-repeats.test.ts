import { expect, test } from 'bun:test'
import { readBank } from '../../src/authoring/bank.ts'
import { goodChallenge, startModel } from '../support/model.ts'
import { startServer } from '../support/server.ts'

const bank = await readBank()

test.each([
  ['easy', 'python'],
  ['hard', 'python'],
  ['easy', 'ruby'],
])(
  'a question of the bank is not accepted from the model, whether or not it was handed out, for an %s request about %s',
  async (difficulty, topic) => {
    await using model = startModel()
    await using server = await startServer({ model, env: { TOPICS: topic, REVIEW: 'on' } })
    const entry = bank.find((each) => each.topic === 'python' && each.code !== undefined)
    const { question = '', code = '', answer = '', distractors = [] } = entry ?? {}
    const repeat = {
      question: `${question.toUpperCase()} `,
      code,
      explanation: 'Worked out.',
      answer,
      distractors: distractors.map(({ text }) => text),
    }
    model.author = () => (model.calls('challenge') === 1 ? repeat : goodChallenge())

    const { body } = await server.generate('user_1', difficulty)

    expect(body.title).toStartWith('What is ')
    expect([model.calls('challenge'), model.calls('review')]).toEqual([2, 1])
    expect(server.lines).toContainEqual(expect.objectContaining({ reason: 'repeat' }))
  },
)

const counter = {
  question: 'What does this code print?',
  code: 'const next = (() => {\n  let count = 2\n  return () => ++count\n})()\nnext()\nconsole.log(next())',
  explanation: 'Both calls increase the same variable.',
  answer: '4',
  distractors: ['3', '2', 'undefined'],
}
const renamed = {
  ...counter,
  question: 'What is printed by this code?',
  code: 'const step = (() => {\n  let total = 7\n  return () => ++total\n})()\nstep()\nconsole.log(step())',
  answer: '9',
  distractors: ['8', '7', 'NaN'],
}

test('a near repeat of a stored question is rejected before its review, also for another difficulty', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { TOPICS: 'javascript', REVIEW: 'on' } })
  const answers = [counter, renamed]
  model.author = () => answers.shift() ?? goodChallenge()
  model.review = ({ body }) => {
    const options = /\[[^\]]*\]/.exec(body.messages.at(-1)?.content ?? '')?.[0] ?? '[]'
    const [, a, b] = /What is (\d+) plus (\d+)\?/.exec(body.messages.at(-1)?.content ?? '') ?? []
    return { reason: 'Solved.', answer: options.includes('"4"') && !a ? '4' : `${Number(a) + Number(b)}` }
  }

  const first = await server.generate('user_1', 'easy')
  const second = await server.generate('user_2', 'hard')

  expect(first.body.title).toContain('let count = 2')
  expect(second.body.title).toStartWith('What is ')
  expect(model.calls('challenge')).toBe(3)
  expect(server.lines).toContainEqual(expect.objectContaining({ reason: 'near_repeat' }))
})
