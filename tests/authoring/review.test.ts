import { expect, test } from 'bun:test'
import { expectFreeBankChallenge } from '../support/authoring.ts'
import { type Authored, completion, goodChallenge, type ModelRequest, startModel } from '../support/model.ts'
import { startServer } from '../support/server.ts'

const env = { REVIEW: 'on', GENERATION_TIMEOUT_MS: '10000' }

/** A sum, and whether the key that its author names is wrong. */
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

/** Works a sum out, from nothing but what the request says; the option's text, or `null` if it is not there. */
function solve(text: string, options: string[]): string | null {
  const [, a, b] = /What is (\d+) plus (\d+)\?/.exec(text) ?? []
  return options.find((option) => option === String(Number(a) + Number(b))) ?? null
}

const solver = (request: ModelRequest) => ({
  reason: 'Added.',
  answer: solve(asked(request), optionsIn(request)),
})

test('of 40 challenges by a model that names every second key wrong, none is served with a wrong key', async () => {
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

  expect(server.lines.filter((line) => 'reason' in line && line.reason === 'review').length).toBeGreaterThan(
    30,
  )
})

test('the reviewer sees what the learner will see, in the order of the options, and neither key nor explanation', async () => {
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

test('the reviewer is asked for its reason first, then for the text of an option or null', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env })

  await server.generate('user_1')

  expect(model.requests[1]?.body).toMatchObject({
    response_format: {
      type: 'json_schema',
      json_schema: {
        name: 'review',
        strict: true,
        schema: { type: 'object', required: ['reason', 'answer'], additionalProperties: false },
      },
    },
  })
})

test.concurrent.each<[string, (challenge: Authored) => unknown]>([
  ['null', () => null],
  ['a distractor', ({ distractors }) => distractors[0]],
  ['no option', () => 'It depends.'],
  ['an empty text', () => ''],
  ['the answer in a sentence', ({ answer }) => `It is ${answer}.`],
  ['the label of the answer', () => 'A'],
])(
  'a reviewer that answers with %s rejects the challenge; it is neither served nor charged',
  async (_, verdict) => {
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
  },
)

test.concurrent.each<[string, () => unknown]>([
  ['fails', () => new Response('no', { status: 500 })],
  ['refuses', () => completion(null, {}, { refusal: 'No.' })],
  ['answers with a number', () => ({ reason: 'Counted.', answer: 0 })],
  ['answers with nothing', () => ({})],
  ['answers in HTML', () => new Response('<p>')],
])('a reviewer that %s lets nothing through', async (_, review) => {
  await using model = startModel()
  await using server = await startServer({ model, env })
  model.review = review

  await expectFreeBankChallenge(server)
})

test('author and reviewer share one budget', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { ...env, GENERATION_TIMEOUT_MS: '1500' } })
  model.author = () => Bun.sleep(1400).then(goodChallenge)
  model.review = () => new Promise(() => undefined)

  const start = performance.now()
  await expectFreeBankChallenge(server)

  expect(performance.now() - start).toBeLessThan(2800)
})

test('REVIEW=off makes no review call, and serves what the author wrote', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { REVIEW: 'off' } })

  const { body } = await server.generate('user_1')

  expect(body.source).toBe('ai')
  expect(model.requests.map(({ kind }) => kind)).toEqual(['challenge'])
})
