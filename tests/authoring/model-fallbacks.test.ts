import { expect, test } from 'bun:test'
import { readOutput } from '../support/authoring.ts'
import { goodChallenge, type ModelRequest, startModel } from '../support/model.ts'
import { startServer } from '../support/server.ts'

/** Occurs in the errors of the model's server, and must not leave this server. */
const secret = 'words-of-the-server'
const error = (message: string, more: object = {}) => ({
  error: { message: `${message} ${secret}`, ...more },
})
const json = (status: number, body: unknown) => () => Response.json(body, { status })
const plain = (status: number, text: string) => () => new Response(`${text} ${secret}`, { status })

const format = ({ body }: ModelRequest) => body.response_format?.type ?? 'text'
const effort = ({ body }: ModelRequest) => (body as { reasoning_effort?: string }).reasoning_effort
const asked = (requests: ModelRequest[]) => requests.map((request) => [format(request), effort(request)])

test.concurrent.each<[string, () => Response]>([
  ['OpenAI', json(400, error('Unsupported value', { param: 'reasoning_effort', code: 'unsupported_value' }))],
  ['an older server of OpenAI', json(400, error('Unrecognized request argument supplied: reasoning_effort'))],
  [
    'FastAPI',
    json(422, { detail: [{ loc: ['body', 'reasoning_effort'], msg: 'Extra inputs are not permitted' }] }),
  ],
  ['a gateway', plain(422, 'extra fields not permitted: reasoning_effort')],
  ['Ollama', json(400, error('"llama3" does not support thinking'))],
])('%s that refuses reasoning_effort is asked without it from then on', async (_, refusal) => {
  await using model = startModel()
  const env = { OPENAI_REASONING_EFFORT: 'none', REVIEW: 'on' }
  await using server = await startServer({ model, env })
  model.author = (request) => (effort(request) ? refusal() : goodChallenge())

  for (let call = 0; call < 2; call++) expect((await server.generate('user_1')).body.source).toBe('ai')

  const [first, ...others] = asked(model.requests)
  expect(first).toEqual(['json_schema', 'none'])
  expect(others).toEqual(others.map(() => ['json_schema', undefined]))
  expect(others).toHaveLength(4)
  expect(server.lines.filter(({ option }) => option === 'reasoning_effort')).toHaveLength(1)
  const metrics = await (await server.fetch('/metrics')).text()
  expect(metrics).toContain('model_options_refused_total{option="reasoning_effort"} 1\n')
  const { notices } = (await (await server.fetch('/ready')).json()) as { notices: string[] }
  expect(notices).toEqual([
    'The model test refuses reasoning_effort, which is no longer sent: check OPENAI_REASONING_EFFORT.',
  ])
  expect(readOutput(server)).not.toContain(secret)
})

test.concurrent('a server that refuses reasoning_effort without naming it is asked without it after every format', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env: { OPENAI_REASONING_EFFORT: 'low' } })
  model.author = (request) => (effort(request) ? plain(400, 'Bad Request')() : goodChallenge())

  for (let call = 0; call < 2; call++) expect((await server.generate('user_1')).body.source).toBe('ai')

  const formats = ['json_schema', 'json_object', 'text']
  expect(asked(model.requests)).toEqual([
    ...formats.map((name) => [name, 'low']),
    ['text', undefined],
    ['json_schema', undefined],
  ])
})

test.concurrent('one bad sample leads to a lower format once, and bad samples in a row for an hour', async () => {
  await using model = startModel()
  await using server = await startServer({ model })
  const badSample = (request: ModelRequest) =>
    format(request) === 'json_schema'
      ? json(400, error('Generated JSON does not match.', { code: 'json_validate_failed' }))()
      : goodChallenge()

  for (const author of [badSample, goodChallenge, badSample, badSample, badSample]) {
    model.author = author
    expect((await server.generate('user_1')).body.source).toBe('ai')
  }

  const once = ['json_schema', 'json_object']
  expect(model.requests.map(format)).toEqual([...once, 'json_schema', ...once, ...once, 'json_object'])
})
