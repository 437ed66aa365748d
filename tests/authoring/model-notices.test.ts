import { expect, test } from 'bun:test'
import { until } from '../support/async.ts'
import { oneAttempt } from '../support/authoring.ts'
import { type ModelRequest, startModel } from '../support/model.ts'
import { type Server, startServer } from '../support/server.ts'
import { freePort } from '../support/tcp-path.ts'

const readNotices = async (server: Server) =>
  ((await (await server.fetch('/ready')).json()) as { notices: string[] }).notices
const refuse = (status: number, message: string) => () => Response.json({ error: { message } }, { status })
const keyNotice = "The model's server refuses the key: check OPENAI_API_KEY."

test('a notice is in the log at once and then every hour, with its reason and variable, until a call works', async () => {
  await using model = startModel()
  // An hour is 50 ms here.
  const timings = { ...oneAttempt, watchIntervalMs: 50 }
  await using server = await startServer({ model, timings })
  const { author } = model
  model.author = refuse(401, 'no')
  const linesOf = () => server.lines.filter(({ msg }) => msg === keyNotice)

  await server.generate('user_1')
  expect(linesOf().length).toBeGreaterThan(0)
  await until(() => linesOf().length >= 3, 'the notice is repeated')

  expect(linesOf()[0]).toMatchObject({ level: 'warn', reason: 'unauthorized', variable: 'OPENAI_API_KEY' })
  expect(await readNotices(server)).toEqual([keyNotice])
  model.author = author
  await server.generate('user_1')
  expect(await readNotices(server)).toEqual([])
  const before = linesOf().length
  const { length: lookUps } = model.lookUps
  await until(() => model.lookUps.length > lookUps + 1, 'two more look-ups')
  expect(linesOf()).toHaveLength(before)
})

test('after the first look-up a notice names an address without a server', async () => {
  const env = { OPENAI_BASE_URL: `http://127.0.0.1:${freePort()}/v1` }
  await using server = await startServer({ env, timings: { watchFirstMs: 1 } })

  const notices = await until(async () => {
    const found = await readNotices(server)
    return found.length > 0 && found
  }, 'a notice')

  expect(notices).toEqual(["The model's server cannot be reached: check OPENAI_BASE_URL."])
})

test.each([
  ['the key is refused', refuse(401, 'no'), keyNotice],
  [
    'the model is unknown',
    refuse(404, 'model not found'),
    'The server does not know the model test: check OPENAI_MODEL.',
  ],
])('a fault that passes by itself does not end the notice that %s', async (_, refusal, notice) => {
  await using model = startModel()
  await using server = await startServer({ model, timings: oneAttempt })
  model.author = refusal
  await server.generate('user_1')

  for (const status of [429, 503]) {
    model.author = refuse(status, 'later')
    await server.generate('user_1')
    expect(await readNotices(server)).toEqual([notice])
  }
})

const format = ({ body }: ModelRequest) => [body.model, body.response_format?.type]
const reviewer = { REVIEW: 'on', OPENAI_REVIEW_MODEL: 'other' }

test('the reviewer is the model of OPENAI_REVIEW_MODEL, whose response format is found separately', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: reviewer })
  const { review } = model
  model.review = (request) =>
    request.body.response_format?.type === 'json_schema' ? refuse(400, 'no')() : review(request)

  for (let call = 0; call < 2; call++) expect((await server.generate('user_1')).body.source).toBe('ai')

  expect(model.requests.map(format)).toEqual([
    ['test', 'json_schema'],
    ['other', 'json_schema'],
    ['other', 'json_object'],
    ['test', 'json_schema'],
    ['other', 'json_object'],
  ])
})

test('a reviewer that the server does not know is a notice that names its variable', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: reviewer, timings: oneAttempt })
  const { review } = model
  model.review = refuse(404, 'model not found')

  await server.generate('user_1')

  const notice = 'The server does not know the model other: check OPENAI_REVIEW_MODEL.'
  expect(await readNotices(server)).toEqual([notice])
  model.review = review
  await server.generate('user_1')
  expect(await readNotices(server)).toEqual([])
})

test('a refused key is one notice for author and reviewer', async () => {
  await using model = startModel()
  model.describe = refuse(401, 'no')
  await using server = await startServer({ model, env: reviewer, timings: { watchFirstMs: 1 } })

  await until(async () => (await readNotices(server)).length > 0, 'a notice')

  expect(await readNotices(server)).toEqual([keyNotice])
})

test('without OPENAI_REVIEW_MODEL the author reviews', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { REVIEW: 'on' } })

  await server.generate('user_1')

  expect(model.requests.map(({ kind, body }) => [kind, body.model])).toEqual([
    ['challenge', 'test'],
    ['review', 'test'],
  ])
})
