import { expect, setDefaultTimeout, test } from 'bun:test'
import { expectFreeBankChallenge, readOutput } from '../support/authoring.ts'
import { completion, goodChallenge, startModel } from '../support/model.ts'
import { startServer } from '../support/server.ts'

setDefaultTimeout(60_000)

/** Leaves time for three attempts on a busy machine. */
const env = { GENERATION_TIMEOUT_MS: '15000' }
const timings = { modelPauseMs: 1 }

const failures: [string, () => unknown][] = [
  ['a status 500', () => new Response('no', { status: 500 })],
  ['a status 429', () => new Response('no', { status: 429 })],
  ['a status 429 with a short Retry-After', () => refusedFor('0')],
  ['broken JSON', () => completion('{')],
  ['a refusal', () => completion(null, {}, { refusal: 'No.' })],
  ['three distractors too few', () => ({ ...goodChallenge(), distractors: [] })],
]

const refusedFor = (seconds: string) =>
  new Response('no', { status: 429, headers: { 'retry-after': seconds } })

test.concurrent.each(failures)(
  'after %s the model is asked again, and its next challenge is served and charged',
  async (_, failure) => {
    await using model = startModel()
    await using server = await startServer({ model, env, timings })
    model.author = () => (model.requests.length < 3 ? failure() : goodChallenge())

    const { status, body } = await server.generate('user_1')

    expect(status).toBe(200)
    expect(body.source).toBe('ai')
    expect(model.requests).toHaveLength(3)
    expect((await server.quota('user_1')).body.quota_remaining).toBe(49)
  },
)

test.concurrent('a model that always fails is asked three times for one challenge', async () => {
  await using model = startModel()
  await using server = await startServer({ model, env, timings })
  model.author = () => new Response('no', { status: 503 })

  await expectFreeBankChallenge(server)

  expect(model.requests).toHaveLength(3)
})

test.concurrent.each(['3600', '51'])(
  'a Retry-After of %s seconds, longer than the budget, ends the generation at once',
  async (retryAfter) => {
    await using model = startModel()
    await using server = await startServer({ model, env: { GENERATION_TIMEOUT_MS: '50000' }, timings })
    model.author = () => refusedFor(retryAfter)

    const start = performance.now()
    await expectFreeBankChallenge(server)

    expect(performance.now() - start).toBeLessThan(40_000)
    expect(model.requests).toHaveLength(1)
  },
)

test.concurrent.each([
  'null',
  '{}',
  '[]',
  '"x"',
  '{"prompt_tokens":-5,"completion_tokens":"x"}',
  '{"prompt_tokens":1e999,"completion_tokens":1e999}',
])('a challenge of a model that reports its tokens as %s is served', async (usage) => {
  await using model = startModel()
  await using server = await startServer({ model, env, timings })
  model.author = () => counted(usage)

  const { body } = await server.generate('user_1')

  expect(body.source).toBe('ai')
  expect(readOutput(server)).not.toContain('"level":"error"')
})

async function counted(usage: string) {
  const whole = await completion(JSON.stringify(goodChallenge())).text()
  const body = whole.replace(/"usage":\{[^}]*\}/, `"usage":${usage}`)
  return new Response(body, { headers: { 'content-type': 'application/json' } })
}
