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

  test('for varying topics and subjects', async () => {
    await using model = startModel()
    await using server = await startServer({ model })
    model.author = () => completion('no challenge')

    await Promise.all(Array.from({ length: 8 }, (_, user) => server.generate(`user_${user}`)))

    const tasks = model.requests.map(task)
    expect(tasks).toHaveLength(24)
    expect(new Set(tasks.map((text) => /^Topic: .*$/m.exec(text)?.[0])).size).toBe(24)
    expect(new Set(tasks.map((text) => /^Topic: ([^,]*)/m.exec(text)?.[1])).size).toBe(8)
    expect(new Set(tasks.map((text) => /^Language: .*$/m.exec(text)?.[0])).size).toBeGreaterThan(3)
  })

  test('to avoid the recent titles of the same topic only, of all users and difficulties', async () => {
    await using model = startModel()
    await using server = await startServer({ model, env: { TOPICS: 'css,sql' } })
    // The topics take turns for each difficulty.
    const first = await server.generate('user_1', 'easy')
    const second = await server.generate('user_2', 'easy')
    await server.generate('user_3', 'easy')
    await server.generate('user_3', 'hard')
    await server.generate('user_3', 'hard')

    const [, , third, ...hard] = model.requests.map(task)
    expect(third).toContain(first.body.title)
    expect(third).not.toContain(second.body.title)
    const mentions = (title: string) => hard.filter((text) => text.includes(title)).length
    expect([first, second].map(({ body }) => mentions(body.title))).toEqual([1, 1])
  })
})
