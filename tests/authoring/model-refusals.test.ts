import { expect, test } from 'bun:test'
import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { connectModelServer, createModelClient } from '../../src/authoring/model/client.ts'
import { createEventBus } from '../../src/events.ts'
import type { ModelError } from '../../src/failure.ts'
import { hour } from '../support/clock.ts'
import { completion, type Model, type ModelRequest, startModel } from '../support/model.ts'

const schema = Type.Object({ answer: Type.String() })
const read = (object: object) => (Value.Check(schema, object) ? object : undefined)
const format = ({ body }: ModelRequest) => body.response_format?.type ?? 'text'
const formatsOf = ({ requests }: Model) => requests.splice(0).map(format)
const status = (code: number, body: unknown = 'no') => Response.json(body, { status: code })

/** A client of a model with its clock. `asked` resolves with the answer of a call, or with its fault. */
function connect(model: Model) {
  const clock = { time: 0 }
  const server = connectModelServer({ apiKey: 'x', baseURL: model.url, concurrency: 1 })
  const ask = createModelClient({ server, events: createEventBus(), name: 'test', clock: () => clock.time })
  const asked = (signal = new AbortController().signal) =>
    ask({ name: 'challenge', schema, read, system: '', user: '' }, signal).then(
      ({ answer }) => answer,
      ({ fault }: ModelError) => fault,
    )
  return { asked, clock }
}

/** How real servers refuse a response format. */
const refusals: [string, number, unknown][] = [
  [
    'Gemini',
    400,
    [{ error: { code: 400, message: "Unknown name 'additionalProperties'", status: 'INVALID' } }],
  ],
  ['a gateway before Groq', 400, { error: { message: 'This model does not support `json_schema`.' } }],
  ['OpenRouter', 400, { error: { message: 'Provider returned error', code: 400, metadata: { raw: '{}' } } }],
  ['OpenRouter, required parameters', 404, { error: { message: 'No endpoints found that can handle it.' } }],
  ['a server that knows no such media', 415, 'Unsupported'],
  ['FastAPI', 422, { detail: [{ loc: ['body', 'response_format'], msg: "Input should be 'text'" }] }],
  ['llama.cpp', 500, { error: { code: 500, message: 'failed to parse grammar', type: 'server_error' } }],
  ['a gateway', 501, { error: { message: 'response_format is not implemented' } }],
]

test.each(refusals)(
  'after the refusal of %s (%i) the next response format is used and kept',
  async (_, code, body) => {
    await using model = startModel()
    const { asked } = connect(model)
    model.author = (request) => (format(request) === 'json_schema' ? status(code, body) : { answer: 'yes' })

    expect([await asked(), await asked()]).toEqual(['yes', 'yes'])

    expect(formatsOf(model)).toEqual(['json_schema', 'json_object', 'json_object'])
  },
)

test.each([401, 403, 405, 408, 409, 413, 429, 502, 503])(
  'a status %i leads to no other response format',
  async (code) => {
    await using model = startModel()
    const { asked } = connect(model)
    model.author = () => status(code)

    await asked()

    expect(formatsOf(model)).toEqual(['json_schema'])
  },
)

test('one refusal leads to a lower format for an hour', async () => {
  await using model = startModel()
  const { asked, clock } = connect(model)
  model.author = () => (model.requests.length === 1 ? status(400) : { answer: 'yes' })
  await asked()
  expect(formatsOf(model)).toEqual(['json_schema', 'json_object'])
  model.author = () => ({ answer: 'yes' })

  clock.time = hour - 1
  await asked()
  clock.time = hour
  await asked()
  await asked()

  expect(formatsOf(model)).toEqual(['json_object', 'json_schema', 'json_schema'])
})

test('one call an hour tries a higher format that is still refused', async () => {
  await using model = startModel()
  const { asked, clock } = connect(model)
  model.author = (request) => (format(request) === 'text' ? { answer: 'yes' } : status(422))
  await asked()
  formatsOf(model)

  clock.time = hour
  expect(await Promise.all([asked(), asked(), asked()])).toEqual(['yes', 'yes', 'yes'])

  expect(formatsOf(model).toSorted()).toEqual(['json_object', 'json_schema', 'text', 'text', 'text'])
})

test.each([
  ['a refused key', status(401), 'unauthorized'],
  ['too many requests', status(429), 'rate_limited'],
  ['an answer that cannot be read', completion('no JSON'), 'malformed'],
])('a lower format that leads to %s is not kept, and its failure is reported', async (_, lower, fault) => {
  await using model = startModel()
  const { asked } = connect(model)
  model.author = (request) => (format(request) === 'json_schema' ? status(404) : lower.clone())

  expect([await asked(), await asked()]).toEqual([fault, fault])

  expect(formatsOf(model)).toEqual(['json_schema', 'json_object', 'json_schema', 'json_object'])
})

test('during an outage the lower formats are tried once a minute', async () => {
  await using model = startModel()
  const { asked, clock } = connect(model)
  model.author = () => status(500)

  for (let round = 0; round < 3; round++) expect(await asked()).toBe('server_error')
  expect(formatsOf(model)).toEqual(['json_schema', 'json_object', 'text', 'json_schema', 'json_schema'])

  clock.time = 60_000
  await asked()
  expect(formatsOf(model)).toEqual(['json_schema', 'json_object', 'text'])
})

test('a cancelled call tries no other format', async () => {
  await using model = startModel()
  const { asked } = connect(model)
  const given = new AbortController()
  model.author = () => {
    given.abort()
    return status(500)
  }

  expect(await asked(given.signal)).toBe('timeout')
  expect(formatsOf(model)).toEqual(['json_schema'])
})
