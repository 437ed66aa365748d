import { expect, test } from 'bun:test'
import { expectFreeBankChallenge } from '../support/authoring.ts'
import { completion, goodChallenge, type ModelRequest, startModel } from '../support/model.ts'
import { startServer } from '../support/server.ts'

const format = ({ body }: ModelRequest) => body.response_format?.type
const refusal = "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model."
const refused = (body: unknown = { error: { message: refusal } }) =>
  new Response(typeof body === 'string' ? body : JSON.stringify(body), { status: 400 })

test.each<[string, unknown]>([
  ['in its message', { error: { message: refusal, type: 'invalid_request_error', param: null, code: null } }],
  ['as a parameter', { error: { message: 'Not supported.', param: 'response_format' } }],
  ['as a bare error', { error: refusal }],
  ['outside of any error', { object: 'error', message: refusal, type: 'BadRequestError', code: 400 }],
  ['as a detail', { detail: [{ loc: ['body', 'response_format', 'type'], msg: 'unexpected value' }] }],
  ['in plain text', refusal],
])(
  'a server that refuses a response format %s is asked with the next format from then on',
  async (_, body) => {
    await using model = startModel()
    await using server = await startServer({ model })
    model.author = (request) => (format(request) === 'json_schema' ? refused(body) : goodChallenge())

    expect((await server.generate('user_1')).body.source).toBe('ai')
    expect((await server.generate('user_1')).body.source).toBe('ai')

    expect(model.requests.map(format)).toEqual(['json_schema', 'json_object', 'json_object'])
  },
)

test('a server that refuses every response format is asked without one, by author and reviewer', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { REVIEW: 'on' } })
  const agree = model.review
  model.author = (request) => (format(request) ? refused() : goodChallenge())
  model.review = (request) => (format(request) ? refused() : agree(request))

  expect((await server.generate('user_1')).body.source).toBe('ai')
  expect((await server.generate('user_1')).body.source).toBe('ai')

  const first = ['json_schema', 'json_object', undefined, undefined]
  expect(model.requests.map(format)).toEqual([...first, undefined, undefined])
  expect(model.requests.slice(2).some(({ body }) => 'response_format' in body)).toBe(false)
})

test('a server that refuses requests without a response format too leads to a free challenge of the bank', async () => {
  await using model = startModel()
  await using server = await startServer({ model })
  model.author = () => refused()

  await expectFreeBankChallenge(server)

  const text = undefined
  expect(model.requests.map(format)).toEqual([
    'json_schema',
    'json_object',
    text,
    'json_schema',
    'json_schema',
  ])
})

test('concurrent requests share one response format', async () => {
  await using model = startModel()
  await using server = await startServer({ model })
  model.author = (request) => (format(request) === 'json_schema' ? refused() : goodChallenge())

  const users = Array.from({ length: 10 }, (_, user) => server.generate(`user_${user}`))

  for (const { body } of await Promise.all(users)) expect(body.source).toBe('ai')
  expect(model.requests.some((request) => format(request) === undefined)).toBe(false)
})

test.each<[string, (json: string) => string]>([
  ['in a fence', (json) => `\`\`\`json\n${json}\n\`\`\``],
  ['in words', (json) => `Here is your question:\n\n${json}\n\nI hope that it helps.`],
  ['after thinking', (json) => `<think>A dict {"a": 1}? No: {</think>\n${json}`],
  ['in spaces', (json) => `\n\n  ${json}\n`],
])('a JSON answer %s is read', async (_, dressed) => {
  await using model = startModel()
  await using server = await startServer({ model })
  const challenge = goodChallenge()
  model.author = () => completion(dressed(JSON.stringify(challenge, null, 2)))

  const { body } = await server.generate('user_1')

  expect(body).toMatchObject({ source: 'ai', title: challenge.question })
  expect(body.options[body.correct_answer_id]).toBe(challenge.answer)
})

test('an unknown field of an answer is ignored', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { REVIEW: 'on' } })
  model.author = () => ({ ...goodChallenge(), language: 'none' })

  expect((await server.generate('user_1')).body).toMatchObject({ source: 'ai' })
})

test.each([
  ['two pieces of code', '```js\na\n```\n```js\nb\n```', '````\n```js\na\n```\n```js\nb\n```\n````'],
  ['code in a longer fence', '````\na\n````', '```\na\n```'],
  ['code in a fence', '```js\nlet a = `x`\n```', '```\nlet a = `x`\n```'],
  ['code in a bare fence', '```\nlet a\n```\n', '```\nlet a\n```'],
  ['code of nothing', ' \n', undefined],
  ['an empty fence', '```js\n```', undefined],
])('%s is served as one fence, or without a fence', async (_, code, served) => {
  await using model = startModel()
  await using server = await startServer({ model })
  const challenge = goodChallenge()
  model.author = () => ({ ...challenge, code })

  const { body } = await server.generate('user_1')

  const title = body.title.replace(/(\n`{3,})[a-z]+/, '$1')
  expect(title).toBe(served === undefined ? challenge.question : `${challenge.question}\n\n${served}`)
})
