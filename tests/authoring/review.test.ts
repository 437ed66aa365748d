import { expect, test } from 'bun:test'
import { expectFreeBankChallenge } from '../support/authoring.ts'
import { type Authored, completion, goodChallenge, type ModelRequest, startModel } from '../support/model.ts'
import { startServer } from '../support/server.ts'

const env = { REVIEW: 'on', GENERATION_TIMEOUT_MS: '10000' }

/** A challenge about a sum, with a right or a wrong answer. */
function sum(wrong: boolean): Authored {
  const { answer, distractors, ...challenge } = goodChallenge()
  const [first = '', ...others] = distractors
  return wrong
    ? { ...challenge, answer: first, distractors: [answer, ...others] }
    : { ...challenge, answer, distractors }
}

const asked = ({ body }: ModelRequest) => body.messages.at(-1)?.content ?? ''
const optionsIn = (request: ModelRequest): string[] =>
  JSON.parse(/\[[^\]]*\]/.exec(asked(request))?.[0] ?? '[]')

/** Adds the numbers of the question; the text of the option with the sum, or `null`. */
function solve(text: string, options: string[]): string | null {
  const [, a, b] = /What is (\d+) plus (\d+)\?/.exec(text) ?? []
  return options.find((option) => option === String(Number(a) + Number(b))) ?? null
}

const solver = (request: ModelRequest) => ({
  reason: 'Added.',
  answer: solve(asked(request), optionsIn(request)),
})

test('a model that gives every second challenge a wrong answer never gets a wrong answer served', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { ...env, POOL_SIZE: '2' } })
  let written = 0
  model.author = () => sum(written++ % 2 === 0)
  model.review = solver

  for (let request = 0; request < 40; request++) {
    const { body } = await server.generate('user_1')
    expect(body.source).toBe('ai')
    expect(body.options[body.correct_answer_id]).toBe(solve(body.title, body.options) ?? 'the right one')
  }

  expect(server.lines.filter((line) => line.reason === 'review').length).toBeGreaterThan(30)
})

test('the reviewer sees the question and the options in the learner’s order, and neither answer nor explanation', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env })
  const challenge = { ...goodChallenge(), code: 'log("a < b")', explanation: 'Why it is so.' }
  model.author = () => challenge
  model.review = () => ({ reason: 'Solved.', answer: challenge.answer })

  const { body } = await server.generate('user_1')

  const [, review] = model.requests
  expect(review?.kind).toBe('review')
  if (!review) return
  expect(asked(review)).toContain(body.title)
  expect(optionsIn(review)).toEqual(body.options)
  expect(asked(review).split(challenge.answer)).toHaveLength(2)
  expect(JSON.stringify(review.body)).not.toContain(challenge.explanation)
  expect(JSON.stringify(review.body)).not.toContain('correct_answer_id')
})

test('the reviewer is asked for a reason first, then for the text of an option or null', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env })

  const { body } = await server.generate('user_1')

  const answer = { anyOf: [{ type: 'string', enum: body.options }, { type: 'null' }] }
  const properties = { reason: { type: 'string' }, answer }
  const schema = { type: 'object', required: ['reason', 'answer'], additionalProperties: false, properties }
  const json_schema = { name: 'review', strict: true, schema }
  expect(model.requests[1]?.body).toMatchObject({ response_format: { type: 'json_schema', json_schema } })
})

test.concurrent.each<[string, (challenge: Authored) => unknown]>([
  ['null', () => null],
  ['a distractor', ({ distractors }) => distractors[0]],
  ['no option', () => 'It depends.'],
  ['an empty text', () => ''],
  ['the answer in a sentence', ({ answer }) => `It is ${answer}.`],
  ['the label of the answer', () => 'A'],
])('a challenge whose reviewer answers with %s is neither served nor charged', async (_, verdict) => {
  await using model = startModel()
  await using server = await startServer({ model, env })
  let challenge = goodChallenge()
  model.author = () => {
    challenge = goodChallenge()
    return challenge
  }
  model.review = () => ({ reason: 'Hm.', answer: verdict(challenge) })

  await expectFreeBankChallenge(server)

  expect(model.calls('challenge')).toBe(3)
  expect(model.calls('review')).toBe(3)
  expect(server.lines).toContainEqual(expect.objectContaining({ reason: 'review' }))
})

test.concurrent.each<[string, () => unknown]>([
  ['fails', () => new Response('no', { status: 500 })],
  ['refuses', () => completion(null, {}, { refusal: 'No.' })],
  ['answers with a number', () => ({ reason: 'Counted.', answer: 0 })],
  ['answers with nothing', () => ({})],
  ['answers in HTML', () => new Response('<p>')],
])('a challenge whose reviewer %s is not served', async (_, review) => {
  await using model = startModel()
  await using server = await startServer({ model, env })
  model.review = review

  await expectFreeBankChallenge(server)
})

test('author and reviewer share one budget', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { ...env, GENERATION_TIMEOUT_MS: '3000' } })
  model.author = () => Bun.sleep(2000).then(goodChallenge)
  const timeLeft = Promise.withResolvers<number>()
  model.review = ({ signal }) => {
    const asked = performance.now()
    signal.addEventListener('abort', () => timeLeft.resolve(performance.now() - asked))
    return new Promise(() => undefined)
  }

  await expectFreeBankChallenge(server)

  // A second is left of the budget. With a budget of its own the review would have three.
  expect(await timeLeft.promise).toBeLessThan(2500)
})

test('REVIEW=off serves the challenges of the author without a review call', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { REVIEW: 'off' } })

  const { body } = await server.generate('user_1')

  expect(body.source).toBe('ai')
  expect(model.requests.map(({ kind }) => kind)).toEqual(['challenge'])
})
