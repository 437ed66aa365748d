import { describe, expect, test } from 'bun:test'
import { completion, type ModelRequest, startModel } from '../support/model.ts'
import { startServer } from '../support/server.ts'

type Sent = {
  model: string
  messages: { role: string; content: string }[]
  reasoning_effort?: string
  response_format: {
    type: string
    json_schema: { name: string; strict: boolean; schema: { properties: object; required: string[] } }
  }
}

const sent = (request: ModelRequest | undefined) => request?.body as Sent
const task = (request: ModelRequest | undefined) => sent(request).messages.at(-1)?.content ?? ''

describe('the author is asked', () => {
  test('with the configured model, and without parameters that current models refuse', async () => {
    await using model = startModel()
    await using server = await startServer({
      model,
      env: { OPENAI_MODEL: 'vendor/some-model:1', REVIEW: 'on' },
    })

    await server.generate('user_1')

    expect(model.requests.map(({ kind }) => kind)).toEqual(['challenge', 'review'])
    for (const { body } of model.requests) {
      expect(body.model).toBe('vendor/some-model:1')
      expect(Object.keys(body).sort()).toEqual(['messages', 'model', 'response_format'])
    }
  })

  test.each([[undefined], ['low']])('with reasoning effort %s', async (effort) => {
    await using model = startModel()
    const env = { REVIEW: 'on', ...(effort && { OPENAI_REASONING_EFFORT: effort }) }
    await using server = await startServer({ model, env })

    await server.generate('user_1')

    expect(model.requests.map((request) => sent(request).reasoning_effort)).toEqual([effort, effort])
  })

  test('for a strict schema with the explanation before the answer, and without an index', async () => {
    await using model = startModel()
    await using server = await startServer({ model })

    await server.generate('user_1')

    const { type, json_schema } = sent(model.requests[0]).response_format
    const members = ['question', 'code', 'prints', 'explanation', 'answer', 'distractors']
    expect(type).toBe('json_schema')
    expect(json_schema).toMatchObject({ name: 'challenge', strict: true })
    expect(Object.keys(json_schema.schema.properties)).toEqual(members)
    // Strict schemas need these: https://platform.openai.com/docs/guides/structured-outputs
    expect(json_schema.schema).toMatchObject({
      type: 'object',
      required: members,
      additionalProperties: false,
    })
  })

  test('for the requested difficulty', async () => {
    await using model = startModel()
    await using server = await startServer({ model })

    for (const difficulty of ['easy', 'medium', 'hard']) await server.generate('user_1', difficulty)

    const levels = model.requests.map((request) =>
      /\b(easy|medium|hard)\b/i.exec(task(request))?.[0].toLowerCase(),
    )
    expect(levels).toEqual(['easy', 'medium', 'hard'])
  })

  test('for varying topics and languages', async () => {
    await using model = startModel()
    await using server = await startServer({ model })
    model.author = () => completion('no challenge')

    await Promise.all(Array.from({ length: 8 }, (_, user) => server.generate(`user_${user}`)))

    const subjects = model.requests.map((request) => /^Topic: .*$/m.exec(task(request))?.[0])
    const languages = model.requests.map((request) => /^Language: .*$/m.exec(task(request))?.[0])
    expect(subjects).toHaveLength(24)
    expect(new Set(subjects).size).toBeGreaterThan(6)
    expect(new Set(languages).size).toBeGreaterThan(3)
  })

  test('to avoid the recent titles of that difficulty, of all users', async () => {
    await using model = startModel()
    await using server = await startServer({ model })
    const first = await server.generate('user_1', 'easy')
    const second = await server.generate('user_2', 'easy')
    const other = await server.generate('user_2', 'hard')

    await server.generate('user_3', 'easy')

    const last = task(model.requests.at(-1))
    expect(last).toContain(first.body.title)
    expect(last).toContain(second.body.title)
    expect(last).not.toContain(other.body.title)
  })
})
